package dev.kindstead.faults.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.simulation.check.RegisterOperation;
import dev.kindstead.simulation.check.RegisterOperation.Write;
import dev.kindstead.simulation.check.RegisterTransaction;
import dev.kindstead.simulation.check.RegisterTransaction.Held;
import dev.kindstead.simulation.check.RegisterTransaction.Written;
import dev.kindstead.simulation.check.Sessions.Seen;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A register of an epoch that is over is read by nobody until the end of the round: what was
 * acknowledged of it must still be there then.
 */
final class RegisterGoneTest {
  private static final String NAME = "0-1";
  private static final Held ONE = new Held(1L, 10);
  private static final Held TWO = new Held(2L, 20);

  private final Notes notes = new Notes();

  private static Contents contents(Map<String, Held> alone, Map<String, Held> together) {
    return new Contents(
        Map.of(),
        List.of(),
        BankClient.openingBalances(),
        new Registers(alone, together, 2),
        new IndexedRows(List.of(), Map.of()),
        Timestamp.getDefaultInstance(),
        1);
  }

  private void write(long value, Outcome outcome) {
    notes.register(
        new RegisterOperation(NAME, 1, 10 * value, 10 * value + 5, outcome, new Write(value)));
  }

  private void transaction(long value, long version) {
    notes.together(
        new RegisterTransaction(
            notes.number(),
            10 * value,
            10 * value + 5,
            Outcome.DONE,
            Map.of(),
            Map.of(NAME, new Written(List.of(value), version))));
  }

  private List<String> ofOne(Held held) {
    return Judgement.of(notes, contents(Map.of(NAME, held, "1-0", Held.ABSENT), Map.of()))
        .anomalies();
  }

  private List<String> ofSeveral(Held held) {
    return Judgement.of(notes, contents(Map.of(), Map.of(NAME, held))).anomalies();
  }

  @Test
  void anAcknowledgedWriteIsMissed() {
    write(1, Outcome.DONE);
    write(2, Outcome.DONE);

    assertThat(ofOne(TWO)).isEmpty();
    assertThat(ofOne(ONE)).singleElement().asString().startsWith("not linearizable: 0-1");
    assertThat(ofOne(Held.ABSENT)).singleElement().asString().startsWith("not linearizable: 0-1");
  }

  @Test
  void aWriteOfUnknownOutcomeMayBeThereOrNot() {
    write(1, Outcome.DONE);
    write(2, Outcome.UNKNOWN);

    assertThat(ofOne(ONE)).isEmpty();
    assertThat(ofOne(TWO)).isEmpty();
  }

  @Test
  void whatNobodyWroteIsFound() {
    assertThat(ofOne(ONE)).singleElement().asString().startsWith("not linearizable: 0-1");
  }

  @Test
  void anOlderVersionThanAClientKnowsIsFound() {
    notes.seen(Seen.write(3, NAME, 20, Outcome.DONE));
    write(2, Outcome.DONE);

    assertThat(ofOne(TWO)).isEmpty();
    assertThat(ofOne(new Held(2L, 19)))
        .singleElement()
        .asString()
        .startsWith("own write unseen: client 3");
  }

  @Test
  void anAcknowledgedTransactionIsMissed() {
    transaction(1, 10);
    transaction(2, 20);

    assertThat(ofSeveral(TWO)).isEmpty();
    assertThat(ofSeveral(ONE)).isNotEmpty();
    assertThat(ofSeveral(Held.ABSENT)).isNotEmpty();
  }

  @Test
  void tooManyPossibilitiesAreNoAnomaly() {
    notes.anomaly("another one");
    Judgement judgement =
        Judgement.of(
            notes,
            contents(Map.of(), Map.of()),
            _ -> {
              throw new IllegalStateException("too many possibilities");
            });

    assertThat(judgement.anomalies()).containsExactly("another one");
    assertThat(judgement.notJudged()).containsExactly("registers: too many possibilities");
  }

  @Test
  void nodesThatDifferAreFound() {
    Contents one = contents(Map.of(NAME, ONE), Map.of(NAME, ONE));

    assertThat(one.differences(one, "itself")).isEmpty();
    assertThat(one.differences(contents(Map.of(NAME, TWO), Map.of(NAME, ONE)), "node 1"))
        .singleElement()
        .asString()
        .startsWith("node 1: other registers");
    assertThat(one.differences(contents(Map.of(NAME, ONE), Map.of(NAME, TWO)), "node 1"))
        .hasSize(1);
  }
}
