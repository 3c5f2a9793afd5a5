package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A read that does not show what its timestamp says is found. */
final class SnapshotAnomalyTest {
  private static final Map<String, List<Integer>> LAST = Map.of("x", List.of(1, 2, 3));

  private final Snapshots snapshots = new Snapshots();

  /** One and three were acknowledged; of two nobody knows when it was committed. */
  SnapshotAnomalyTest() {
    snapshots.committed(10, List.of(1));
    snapshots.committed(30, List.of(3));
  }

  @Test
  void whatATimestampAllows() {
    read(9);
    read(10, 1);
    read(20, 1);
    read(21, 1, 2);
    read(29, 1, 2);
    read(30, 1, 2, 3);
    assertThat(snapshots.anomalies(LAST)).isEmpty();
  }

  @Test
  void aCommitBelowTheTimestampIsMissed() {
    read(10);
    assertFound("lacks 1, committed at 10");
  }

  @Test
  void aCommitAboveTheTimestampIsSeen() {
    read(29, 1, 2, 3);
    assertFound("holds 3, committed at 30");
  }

  @Test
  void anUnknownCommitIsSeenAndThenNotSeen() {
    read(21, 1, 2);
    read(22, 1);
    assertFound("shorter than at an earlier time");
  }

  /** As of a commit in doubt that ends below a read that was answered before. */
  @Test
  void anUnknownCommitIsNotSeenAndThenSeenAtOneTime() {
    read(21, 1);
    read(21, 1, 2);
    assertFound("another list at the same time");
  }

  @Test
  void theSameAtOneTimeIsRight() {
    read(21, 1, 2);
    read(21, 1, 2);
    assertThat(snapshots.anomalies(LAST)).isEmpty();
  }

  @Test
  void whatIsNotThereInTheEndIsSeen() {
    read(20, 2);
    assertFound("is no beginning of");
  }

  private void read(long time, Integer... elements) {
    snapshots.read(time, Map.of("x", List.of(elements)), "node");
  }

  private void assertFound(String what) {
    assertThat(snapshots.anomalies(LAST)).singleElement().asString().contains(what);
  }
}
