package dev.kindstead.simulation;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What must have happened in a run of many seeds, or the run proves nothing about it. Pure.
 *
 * <p>A probe that bears a fault's name is hit by what that fault did, such as a message that was
 * lost in a cut, not by the fault itself.
 *
 * <p>A probe is expected from so many seeds on that, at the rate measured, its absence is no bad
 * luck.
 */
final class Probes {
  /** From so many seeds on. */
  private static final Map<Integer, List<String>> AMONG_SEEDS =
      Map.of(
          30,
          List.of(
              "acknowledged commit repeated",
              "checkpoint",
              "checkpoint loaded",
              "clock jump",
              "commit repeated",
              "commit without a transaction",
              "crash",
              "agreed on before the leader's own sync",
              "clock jump of minutes",
              "cut",
              "election",
              "election while another leads",
              "entries replaced",
              "hand-over",
              "ids reserved",
              "in-doubt recovery",
              "insert with an id of the node",
              "isolated",
              "isolated one way",
              "lease long over",
              "lease waited out",
              "message late",
              "message lost",
              "message overtaken",
              "message twice",
              "pause",
              "read refused as too old",
              "read while two nodes serve",
              "repeated commit answered",
              "replica read",
              "replica read at a past time",
              "replicas compared",
              "request repeated",
              "slow disk",
              "transaction outlived its home",
              "transfer",
              "transfer failed",
              "usurpation"),
          200,
          List.of(
              "answer too late",
              "commit not begun after its deadline",
              "connection lost",
              "failing disk",
              "entries lost with the power",
              "entries reordered by a power cut",
              "entry torn by a power cut",
              "pause and isolation",
              "power cut",
              "power lost before the own sync",
              "replica stopped by its disk",
              "suspension",
              "there and back"));

  /**
   * From so many short lives on, seven in eight of which are drawn: only these are about books and
   * replicas that are spread.
   */
  private static final Map<Integer, List<String>> AMONG_SHORT_LIVES =
      Map.of(
          160,
          List.of(
              "change of members interrupted",
              "empty answer judged",
              "index built",
              "index built by another node than began",
              "index deleted",
              "element inserted",
              "members changed",
              "money counted",
              "money moved",
              "page read at another node",
              "query at a node that does not serve",
              "query in a transaction",
              "query in pages",
              "query judged",
              "register compared and set",
              "register was another one",
              "rows asked of a leader"),
          840,
          List.of(
              "election in the middle of a change of members", "loss", "newcomer", "node removed"));

  /** From so many long lives on. */
  private static final Map<Integer, List<String>> AMONG_LONG_LIVES =
      Map.of(
          3,
          List.of("lists deleted"),
          10,
          List.of("transaction expired", "lasting fault"),
          100,
          List.of("pause of half a minute"));

  private Probes() {}

  /** Those of them that were not hit. */
  static List<String> missing(long seeds, long longLives, Map<String, Integer> hits) {
    return Stream.of(
            expected(AMONG_SEEDS, seeds),
            expected(AMONG_SHORT_LIVES, seeds - longLives),
            expected(AMONG_LONG_LIVES, longLives))
        .flatMap(each -> each)
        .filter(probe -> hits.getOrDefault(probe, 0) == 0)
        .sorted()
        .toList();
  }

  private static Stream<String> expected(Map<Integer, List<String>> from, long count) {
    return from.entrySet().stream()
        .filter(entry -> entry.getKey() <= count)
        .flatMap(entry -> entry.getValue().stream());
  }
}
