package dev.kindstead.faults.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.kindstead.simulation.check.Outcome;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A round in which hardly anything was acknowledged, or whose servers failed, is not green. */
final class ProbeTest {
  private static final Duration FULL = Duration.ofSeconds(45);

  private static Map<Probe, Long> enoughOfAll() {
    Map<Probe, Long> all = new EnumMap<>(Probe.class);
    for (Probe each : Probe.values()) {
      all.put(each, each.least(FULL));
    }
    return all;
  }

  @Test
  void plentyOfOneKindOfWorkIsNoneOfAnother() {
    Map<Probe, Long> acknowledged = enoughOfAll();
    assertThat(Probe.tooFew(acknowledged, FULL)).isEmpty();
    assertThat(Probe.tooFew(acknowledged, FULL.multipliedBy(4))).isEmpty();

    for (Probe each : Probe.values()) {
      acknowledged = enoughOfAll();
      acknowledged.put(Probe.INSERTS, 1_000_000L);
      acknowledged.put(each, each.least(FULL) - 1);
      assertThat(Probe.tooFew(acknowledged, FULL)).singleElement().asString().contains(" " + each);
    }
  }

  @Test
  void aShortRoundNeedsItsPartOnlyButOneOfEachAtLeast() {
    Map<Probe, Long> acknowledged = new EnumMap<>(Probe.class);
    for (Probe each : Probe.values()) {
      acknowledged.put(each, each.least(Duration.ofSeconds(9)));
    }
    assertThat(Probe.tooFew(acknowledged, Duration.ofSeconds(9))).isEmpty();
    assertThat(Probe.tooFew(acknowledged, FULL)).isNotEmpty();

    assertThat(Probe.tooFew(Map.of(), Duration.ZERO)).hasSize(Probe.values().length);
  }

  @Test
  void theRoundSaysWhatItLacks() {
    Notes notes = new Notes();
    notes.acknowledged(Probe.TRANSFERS);

    assertThat(notes.tooFew(FULL)).contains("only 1 transfers acknowledged, at least 15 must be");
  }

  @Test
  void lastAnswersOfOverloadAreNotThoseOfTheUsualClients() {
    Notes notes = new Notes();
    notes.acknowledged(Probe.INSERTS);
    notes.acknowledgedInOverload(Probe.INSERTS);
    notes.acknowledgedInOverload(Probe.ALLOCATIONS);

    assertThat(notes.acknowledgedCount()).isEqualTo(3);
    assertThat(notes.acknowledgedToUsual()).isEqualTo(1);
  }

  @Test
  void anInternalErrorIsExpectedOnlyAsAnUnknownOutcome() {
    Failed unknown = new Failed(Code.INTERNAL, "commit outcome unknown: the node was lost");
    Failed wrong = new Failed(Code.INTERNAL, "internal error, see the server's log: 1f");

    assertThat(unknown.isExpected()).isTrue();
    assertThat(wrong.isExpected()).isFalse();
    assertThat(unknown.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(wrong.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(new Failed(Code.UNAVAILABLE, "no leader").isExpected()).isTrue();
  }

  @Test
  void suchAnErrorIsAnAnomalyOfTheRound() {
    Notes notes = new Notes();
    notes.failed(Notes.Work.BANK, new Failed(Code.INTERNAL, "commit outcome unknown"));
    assertThat(notes.anomalies()).isEmpty();

    notes.failed(Notes.Work.BANK, new Failed(Code.INTERNAL, "a shard's leader failed: 7"));
    assertThat(notes.anomalies()).hasSize(1);
  }
}
