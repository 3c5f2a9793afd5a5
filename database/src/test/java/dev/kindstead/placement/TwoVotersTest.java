package dev.kindstead.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Timers;
import dev.kindstead.replication.Members;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of two voters the loss of either stops everything: a cluster grows from one to three at once. */
final class TwoVotersTest {
  private static final Members ALONE = Members.of(List.of("a"), List.of());
  private static final Members THREE = Members.of(List.of("a", "b", "c"), List.of());

  private final FakeLog system = new FakeLog("a", ALONE);
  private final FakeLog shard = new FakeLog("a", ALONE);
  private final Deque<Runnable> due = new ArrayDeque<>();
  private final Timers timers =
      (delay, task) -> {
        due.add(task);
        return () -> due.remove(task);
      };
  private boolean serving = true;
  private int warnings;
  private final MemberChanges changes =
      new MemberChanges(system, List.of(shard), () -> serving, () -> warnings++, timers);

  @BeforeEach
  void start() {
    changes.start();
  }

  private void look() {
    due.removeFirst().run();
  }

  @Test
  void oneNodeMoreChangesNothing() {
    changes.admit("b");
    look();
    look();
    assertThat(system.asked()).isEmpty();
    assertThat(warnings).isZero();
  }

  @Test
  void twoNodesMoreGetTheirVotesTogetherTheSystemGroupFirst() {
    changes.admit("c");
    changes.admit("b");
    changes.admit("b");
    look();
    assertThat(system.asked()).containsExactly(THREE);
    assertThat(warnings).as("told that another node may become the oracle").isOne();
    look();
    assertThat(shard.asked()).as("one change at a time").isEmpty();
    system.end("");
    look();
    assertThat(shard.asked()).containsExactly(THREE);
    shard.end("");
    look();
    assertThat(system.asked()).isEmpty();
    assertThat(shard.asked()).isEmpty();
  }

  @Test
  void aChangeThatFailedIsTriedAgain() {
    changes.admit("b");
    changes.admit("c");
    look();
    system.end("node b failed to catch up");
    look();
    assertThat(system.asked()).containsExactly(THREE);
  }

  @Test
  void whoServesNextBringsTheShardsToTheSystemGroupsMembers() {
    system.changeMembers(THREE, failure -> {});
    system.end("");
    look();
    assertThat(shard.asked()).containsExactly(THREE);
  }

  @Test
  void shardsThatAnotherNodeLeadsAreLeftToIt() {
    system.changeMembers(THREE, failure -> {});
    system.end("");
    shard.lead("b");
    look();
    assertThat(shard.asked()).isEmpty();
  }

  @Test
  void aFourthNodeFollowsWithoutAVote() {
    system.changeMembers(THREE, failure -> {});
    system.end("");
    changes.admit("d");
    look();
    assertThat(system.asked()).containsExactly(THREE.withLearner("d"));
  }

  @Test
  void onlyTheNodeThatServesChangesAnything() {
    serving = false;
    changes.admit("b");
    changes.admit("c");
    look();
    assertThat(system.asked()).isEmpty();
  }
}
