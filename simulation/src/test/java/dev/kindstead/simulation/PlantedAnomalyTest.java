package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.History.Ending;
import dev.kindstead.simulation.History.Transaction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The checker must find what it is for: one planted anomaly each, and silence on a clean history.
 */
final class PlantedAnomalyTest {
  private final History history = new History();
  private int nextId;

  @Test
  void aSerialHistoryIsClean() {
    committed(0, 1, Map.of("x", List.of()), Map.of("x", 1));
    committed(2, 3, Map.of("x", List.of(1)), Map.of("x", 2, "y", 3));
    committed(4, 5, Map.of("x", List.of(1, 2), "y", List.of(3)), Map.of());
    assertThat(judge(Map.of("x", List.of(1, 2), "y", List.of(3)))).isEmpty();
  }

  @Test
  void anUnknownOutcomeMayHaveHappenedOrNot() {
    attempt(0, Long.MAX_VALUE, Ending.UNKNOWN, Map.of("x", List.of()), Map.of("x", 1));
    attempt(0, Long.MAX_VALUE, Ending.UNKNOWN, Map.of("x", List.of()), Map.of("y", 2));
    committed(10, 11, Map.of("x", List.of(1)), Map.of());
    assertThat(judge(Map.of("x", List.of(1)))).isEmpty();
  }

  @Test
  void lostUpdate() {
    committed(0, 5, Map.of("x", List.of()), Map.of("x", 1));
    committed(0, 5, Map.of("x", List.of()), Map.of("x", 2));
    assertThat(judge(Map.of("x", List.of(1, 2)))).anyMatch(a -> a.startsWith("cycle"));
  }

  @Test
  void lostWrite() {
    committed(0, 5, Map.of("x", List.of()), Map.of("x", 1));
    assertThat(judge(Map.of("x", List.of()))).anyMatch(a -> a.startsWith("lost write"));
  }

  @Test
  void writeSkew() {
    committed(0, 5, Map.of("x", List.of(), "y", List.of()), Map.of("x", 1));
    committed(0, 5, Map.of("x", List.of(), "y", List.of()), Map.of("y", 2));
    assertThat(judge(Map.of("x", List.of(1), "y", List.of(2))))
        .anyMatch(a -> a.startsWith("cycle"));
  }

  @Test
  void longFork() {
    committed(0, 9, Map.of(), Map.of("x", 1));
    committed(0, 9, Map.of(), Map.of("y", 2));
    committed(0, 9, Map.of("x", List.of(1), "y", List.of()), Map.of());
    committed(0, 9, Map.of("x", List.of(), "y", List.of(2)), Map.of());
    assertThat(judge(Map.of("x", List.of(1), "y", List.of(2))))
        .anyMatch(a -> a.startsWith("cycle"));
  }

  @Test
  void staleRead() {
    committed(0, 1, Map.of(), Map.of("x", 1));
    committed(2, 3, Map.of("x", List.of()), Map.of());
    assertThat(judge(Map.of("x", List.of(1)))).anyMatch(a -> a.startsWith("cycle"));
  }

  @Test
  void abortedRead() {
    attempt(0, 1, Ending.ABORTED, Map.of(), Map.of("x", 1));
    assertThat(judge(Map.of("x", List.of(1)))).anyMatch(a -> a.startsWith("aborted read"));
  }

  @Test
  void duplicateAppend() {
    attempt(0, Long.MAX_VALUE, Ending.UNKNOWN, Map.of(), Map.of("x", 1));
    assertThat(judge(Map.of("x", List.of(1, 1)))).anyMatch(a -> a.startsWith("duplicate"));
  }

  @Test
  void tornTransaction() {
    attempt(0, Long.MAX_VALUE, Ending.UNKNOWN, Map.of(), Map.of("x", 1, "y", 2));
    assertThat(judge(Map.of("x", List.of(1), "y", List.of())))
        .anyMatch(a -> a.startsWith("torn transaction"));
  }

  @Test
  void reorderedHistory() {
    committed(0, 1, Map.of(), Map.of("x", 1));
    committed(2, 3, Map.of(), Map.of("x", 2));
    committed(4, 5, Map.of("x", List.of(2, 1)), Map.of());
    assertThat(judge(Map.of("x", List.of(2, 1)))).anyMatch(a -> a.startsWith("cycle"));
  }

  private void committed(
      long invoked, long ended, Map<String, List<Integer>> reads, Map<String, Integer> appends) {
    attempt(invoked, ended, Ending.COMMITTED, reads, appends);
  }

  private void attempt(
      long invoked,
      long ended,
      Ending ending,
      Map<String, List<Integer>> reads,
      Map<String, Integer> appends) {
    history.add(new Transaction(nextId++, invoked, ended, ending, reads, appends));
  }

  private List<String> judge(Map<String, List<Integer>> finalLists) {
    return StrictSerializability.anomalies(history, finalLists);
  }
}
