package dev.kindstead.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.History.Ending;
import dev.kindstead.simulation.History.Transaction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The checker must find what it is for, and call it by its name: one planted anomaly each, and
 * silence on a clean history.
 */
final class PlantedAnomalyTest {
  private static final Map<String, List<Integer>> NOTHING = Map.of();

  private final History history = new History();
  private int nextId;

  @Test
  void aSerialHistoryIsClean() {
    committed(0, 1, list("x"), list("x", 1));
    committed(2, 3, list("x", 1), lists(list("x", 2, 4), list("y", 3)));
    committed(4, 5, lists(list("x", 1, 2, 4), list("y", 3)), NOTHING);
    assertThat(judge(lists(list("x", 1, 2, 4), list("y", 3)))).isEmpty();
  }

  @Test
  void anUnknownOutcomeMayHaveHappenedOrNot() {
    unknown(list("x"), list("x", 1));
    unknown(list("x"), list("y", 2));
    committed(10, 11, list("x", 1), NOTHING);
    assertThat(judge(list("x", 1))).isEmpty();
  }

  @Test
  void anUnknownOutcomeThatWasReadHasHappened() {
    unknown(list("x"), list("x", 1));
    committed(10, 11, list("x", 1), NOTHING);
    assertFound("lost write", list("x"));
  }

  @Test
  void whatAnUnknownTransactionReadIsJudgedOnceItHasHappened() {
    committed(0, 9, NOTHING, list("x", 1));
    committed(20, 21, NOTHING, list("x", 2));
    unknown(list("x", 1), list("y", 3));
    assertThat(judge(list("x", 1, 2))).isEmpty();
    committed(10, 11, list("y", 3), NOTHING);
    assertThat(judge(lists(list("x", 1, 2), list("y", 3)))).isEmpty();
    committed(12, 13, list("y"), NOTHING);
    assertFound("G-single-realtime", lists(list("x", 1, 2), list("y", 3)));
  }

  @Test
  void writeCycle() {
    committed(0, 9, NOTHING, lists(list("x", 1), list("y", 2)));
    committed(0, 9, NOTHING, lists(list("x", 3), list("y", 4)));
    assertFound("G0 (", lists(list("x", 1, 3), list("y", 4, 2)));
  }

  @Test
  void writeBetweenTwoOfATransaction() {
    committed(0, 9, NOTHING, list("x", 1, 2));
    committed(0, 9, NOTHING, list("x", 3));
    assertFound("G0 (", list("x", 1, 3, 2));
  }

  @Test
  void ownWritesOutOfOrder() {
    committed(0, 9, NOTHING, list("x", 1, 2));
    assertFound("own appends out of order", list("x", 2, 1));
  }

  @Test
  void abortedRead() {
    attempt(0, 1, Ending.ABORTED, NOTHING, list("x", 1));
    assertFound("G1a", list("x", 1));
  }

  @Test
  void intermediateRead() {
    committed(0, 9, NOTHING, list("x", 1, 2));
    committed(0, 9, list("x", 1, 2), NOTHING);
    assertThat(judge(list("x", 1, 2))).isEmpty();
    committed(0, 9, list("x", 1), NOTHING);
    assertFound("G1b", list("x", 1, 2));
  }

  @Test
  void intermediateReadOfAnUnknownTransaction() {
    unknown(NOTHING, list("x", 1, 2));
    committed(0, 9, list("x", 1), NOTHING);
    assertFound("G1b", list("x", 1, 2));
  }

  @Test
  void circularInformationFlow() {
    committed(0, 9, list("y", 2), list("x", 1));
    committed(0, 9, list("x", 1), list("y", 2));
    assertFound("G1c (", lists(list("x", 1), list("y", 2)));
  }

  @Test
  void lostUpdate() {
    committed(0, 5, list("x"), list("x", 1));
    committed(0, 5, list("x"), list("x", 2));
    assertFound("G-single (", list("x", 1, 2));
  }

  @Test
  void halfOfATransactionRead() {
    committed(0, 5, NOTHING, lists(list("x", 1), list("y", 2)));
    committed(0, 5, lists(list("x", 1), list("y")), NOTHING);
    assertFound("G-single (", lists(list("x", 1), list("y", 2)));
  }

  @Test
  void writeSkew() {
    committed(0, 5, lists(list("x"), list("y")), list("x", 1));
    committed(0, 5, lists(list("x"), list("y")), list("y", 2));
    assertFound("G2 (", lists(list("x", 1), list("y", 2)));
  }

  @Test
  void longFork() {
    committed(0, 9, NOTHING, list("x", 1));
    committed(0, 9, NOTHING, list("y", 2));
    committed(0, 9, lists(list("x", 1), list("y")), NOTHING);
    committed(0, 9, lists(list("x"), list("y", 2)), NOTHING);
    assertFound("G2 (", lists(list("x", 1), list("y", 2)));
  }

  @Test
  void writesAgainstRealTime() {
    committed(0, 1, NOTHING, list("x", 1));
    committed(2, 3, NOTHING, list("x", 2));
    assertFound("G0-realtime", list("x", 2, 1));
  }

  @Test
  void readOfTheFuture() {
    committed(0, 1, list("x", 1), NOTHING);
    committed(2, 3, NOTHING, list("x", 1));
    assertFound("G1c-realtime", list("x", 1));
  }

  @Test
  void staleRead() {
    committed(0, 1, NOTHING, list("x", 1));
    committed(2, 3, list("x"), NOTHING);
    assertFound("G-single-realtime", list("x", 1));
  }

  @Test
  void forkThatOnlyRealTimeShows() {
    committed(0, 9, lists(list("x"), list("y", 2)), NOTHING);
    committed(0, 3, NOTHING, list("x", 1));
    committed(4, 9, list("y"), NOTHING);
    committed(0, 9, NOTHING, list("y", 2));
    assertFound("G2-realtime", lists(list("x", 1), list("y", 2)));
  }

  @Test
  void theWorstIsNamedByItsShortestCycle() {
    staleRead();
    committed(10, 19, NOTHING, lists(list("y", 10), list("z", 11)));
    committed(10, 19, NOTHING, lists(list("y", 12), list("w", 15)));
    committed(10, 19, NOTHING, lists(list("y", 13), list("z", 14), list("w", 16)));
    var last = lists(list("x", 1), list("y", 10, 12, 13), list("z", 14, 11), list("w", 16, 15));
    assertThat(judge(last))
        .singleElement()
        .asString()
        .startsWith("G0 (")
        .contains("--ww y-->", "--ww w-->")
        .doesNotContain("--ww z-->");
  }

  @Test
  void lostWrite() {
    committed(0, 5, list("x"), list("x", 1));
    assertFound("lost write", list("x"));
  }

  @Test
  void duplicateAppend() {
    unknown(NOTHING, list("x", 1));
    assertFound("duplicate", list("x", 1, 1));
  }

  @Test
  void tornTransaction() {
    unknown(NOTHING, lists(list("x", 1), list("y", 2)));
    assertFound("torn transaction", lists(list("x", 1), list("y")));
  }

  @Test
  void elementOfAnotherList() {
    committed(0, 5, NOTHING, list("x", 1));
    assertFound("garbage", lists(list("x", 1), list("y", 1)));
  }

  private static Map<String, List<Integer>> list(String object, Integer... elements) {
    return Map.of(object, List.of(elements));
  }

  @SafeVarargs
  private static Map<String, List<Integer>> lists(Map<String, List<Integer>>... each) {
    Map<String, List<Integer>> all = new TreeMap<>();
    List.of(each).forEach(all::putAll);
    return all;
  }

  private void committed(
      long invoked,
      long ended,
      Map<String, List<Integer>> reads,
      Map<String, List<Integer>> appends) {
    attempt(invoked, ended, Ending.COMMITTED, reads, appends);
  }

  private void unknown(Map<String, List<Integer>> reads, Map<String, List<Integer>> appends) {
    attempt(0, Long.MAX_VALUE, Ending.UNKNOWN, reads, appends);
  }

  private void attempt(
      long invoked,
      long ended,
      Ending ending,
      Map<String, List<Integer>> reads,
      Map<String, List<Integer>> appends) {
    history.add(new Transaction(nextId++, invoked, ended, ending, reads, appends));
  }

  private void assertFound(String name, Map<String, List<Integer>> finalLists) {
    assertThat(judge(finalLists)).anyMatch(anomaly -> anomaly.startsWith(name));
  }

  private List<String> judge(Map<String, List<Integer>> finalLists) {
    return StrictSerializability.anomalies(history, finalLists);
  }
}
