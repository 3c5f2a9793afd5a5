package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A fault that changed nothing for anybody proves nothing: its probe is hit by what it did. */
final class FaultWithoutEffectTest {
  private static final Duration LONG = Duration.ofSeconds(1);
  private static final int MANY = 3_000;

  private final Scheduler scheduler = new Scheduler(new Random(3));
  private final List<String> probes = new ArrayList<>();
  private final Links links =
      new Links(
          scheduler, new Random(4), true, probes::add, anomaly -> assertThat(anomaly).isNull());
  private final Machine here = Machine.exact("n1", scheduler);
  private final Machine there = Machine.exact("n2", scheduler);

  private void sendMany(Machine from, Machine to) {
    for (int i = 0; i < MANY; i++) {
      links.send(from, to, () -> {});
    }
    scheduler.runFor(LONG);
  }

  @Test
  void aCutWhereNothingGoes() {
    here.start();
    there.start();
    links.cut("cut", "n1", "n2");
    sendMany(there, here);
    assertThat(probes).doesNotContain("cut");
    sendMany(here, there);
    assertThat(probes).containsOnlyOnce("cut");
  }

  @Test
  void messagesThatDoNotArrive() {
    sendMany(here, there);
    assertThat(probes).containsOnly("message lost");
    there.start();
    sendMany(here, there);
    assertThat(probes)
        .contains("message lost", "message late", "message overtaken", "message twice");
  }

  @Test
  void aConnectionThatIsNotThere() {
    var everybody = new TreeMap<String, SimulatedNetwork>();
    var network = new SimulatedNetwork(here.start(), links, everybody);
    assertThat(network.disconnect("n2")).isFalse();
  }

  @Test
  void aClockThatIsAsWrongAsItCanBe() {
    assertThat(here.jumpWallClock(Machine.WALL_OFFSET_MAX)).isEqualTo(Machine.WALL_OFFSET_MAX);
    assertThat(here.jumpWallClock(LONG)).isEqualTo(Duration.ZERO);
  }

  @Test
  void aPauseInWhichNothingCameDue() {
    here.start();
    here.pause();
    assertThat(here.holdsBack()).isFalse();
    here.deliver(() -> {});
    assertThat(here.holdsBack()).isTrue();
  }

  @Test
  void whatIsCountedAsAFaultIsNoProbe() {
    var options = WorldOptions.planted(1, Plant.NOTHING, Set.of("transfer"));
    var world = new World(options.withDuration(LONG));
    world.befell("cut");
    WorldVerdict verdict = world.run();
    assertThat(verdict.faults()).containsEntry("cut", 1);
    assertThat(verdict.probes()).doesNotContainKey("cut");
  }
}
