package dev.kindstead.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.LogEvent;
import dev.kindstead.replication.LogLife;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What no log may do is found in its record, and what the contract allows is not taken for it: one
 * group of three whose leader is deposed, and in it one event changed at a time.
 */
final class LogAnomalyTest {
  private static final String H = "00000000000000";

  /** Entry 5 is the engine's own. Of what the first leader left UNKNOWN, 4 became agreed on. */
  private static final Map<String, String> LIVES =
      new TreeMap<>(
          Map.of(
              "n1 1",
              """
              started 0
              proposed 1 %1$s0a
              ended 1 NOT_APPLIED
              leader-started 2
              proposed 2 %1$s01
              applied 2 2 %1$s01
              ended 2 APPLIED
              proposed 3 %1$s02
              proposed 4 %1$s03
              proposed 5 %1$s04
              applied 3 2 %1$s02
              ended 3 APPLIED
              leader-stopped 2
              ended 4 UNKNOWN
              leader-started 2
              leader-stopped 2
              ended 5 UNKNOWN
              proposed 6 %1$s05
              ended 6 NOT_APPLIED
              applied 4 2 %1$s03
              applied 6 3 %1$s06
              applied 7 3 %1$s06
              closed
              """,
              "n2 1",
              """
              started 0
              applied 2 2 %1$s01
              applied 3 2 %1$s02
              applied 4 2 %1$s03
              leader-started 3
              proposed 1 %1$s06
              applied 6 3 %1$s06
              ended 1 APPLIED
              applied 7 3 %1$s06
              proposed 2 %1$s07
              failed
              ended 2 UNKNOWN
              leader-stopped 3
              closed
              """,
              "n3 1",
              """
              started 0
              applied 2 2 %1$s01
              loaded 4
              applied 6 3 %1$s06
              """,
              "n3 2",
              """
              started 3
              applied 4 2 %1$s03
              applied 6 3 %1$s06
              applied 7 3 %1$s06
              leader-started 4
              """));

  private static List<String> lines(String life) {
    return List.copyOf(LIVES.getOrDefault(life, "").formatted(H).lines().toList());
  }

  private static LogLife life(String name, List<String> lines) {
    String[] words = name.split(" ", -1);
    return new LogLife(
        "group",
        words[0],
        Integer.parseInt(words[1]),
        lines.contains("closed"),
        lines.stream().map(LogEvent::parse).toList());
  }

  private static List<String> anomaliesWith(String changed, List<String> lines) {
    return LogContract.anomalies(
        LIVES.keySet().stream()
            .map(name -> life(name, name.equals(changed) ? lines : lines(name)))
            .toList());
  }

  @Test
  void nothingIsWrongWithThisOne() {
    assertThat(anomaliesWith("", List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "gone",
      value = {
        // The same bytes and term at a log index, in rising terms.
        "n1 1, applied 4 2 H03, applied 4 2 H09, entry 4 of term 2",
        "n3 2, applied 4 2 H03, applied 4 3 H03, entry 4 of term",
        "n3 2, leader-started 4, applied 8 2 H08, comes before entry 8",
        // Every entry, once, in order.
        "n1 1, applied 4 2 H03, gone, 'applies entry 6, but not entry 4'",
        "n2 1, applied 2 2 H01, gone, 'applies entry 3, but not entry 2'",
        "n3 2, started 3, started 2, 'applies entry 4, but not entry 3'",
        "n3 2, started 3, started 4, 'applies entry 4 again, after 4'",
        "n3 1, loaded 4, loaded 3, 'applies entry 6, but not entry 4'",
        "n3 1, loaded 4, loaded 2, back to the checkpoint at 2",
        "n1 1, ended 3 APPLIED, loaded 4, loads a checkpoint while it leads",
        "n2 1, applied 4 2 H03, failed, applies entry 6 before its start or after its end",
        // One leader in a term, which has everything of earlier ones.
        "n3 2, leader-started 4, leader-started 3, term 3 is led by",
        "n1 1, ended 6 NOT_APPLIED, leader-started 3, term 3 is led by",
        "n1 1, ended 4 UNKNOWN, leader-started 1, leads in term 1 after 2",
        "n2 1, applied 4 2 H03, leader-started 3, leads in term 3 without entry 4",
        "n2 1, leader-stopped 3, leader-stopped 2, stops leading in term 2",
        "n2 1, leader-stopped 3, leader-started 5, starts to lead in term 5 while",
        // Outcomes.
        "n1 1, ended 5 UNKNOWN, ended 4 APPLIED, proposal 4 has a second outcome",
        "n1 1, ended 5 UNKNOWN, ended 9 APPLIED, proposal 9 was never made",
        "n1 1, ended 5 UNKNOWN, ended 5 APPLIED, 'is APPLIED, but not here'",
        "n1 1, ended 4 UNKNOWN, ended 4 APPLIED, 'is APPLIED, but not here'",
        "n1 1, ended 4 UNKNOWN, ended 4 NOT_APPLIED, 'is applied, but n1 1 was told NOT_APPLIED'",
        "n1 1, proposed 4 H03, proposed 4 H08, 'who led, has not proposed it'",
        "n1 1, proposed 5 H04, proposed 4 H04, proposes number 4 twice",
        "n2 1, ended 2 UNKNOWN, ended 2 APPLIED, APPLIED after its end",
        // The record itself.
        "n3 2, started 3, gone, applies entry 4 before its start",
        "n3 2, leader-started 4, started 7, starts twice"
      })
  void oneEventChanged(String life, String from, String to, String found) {
    var lines = new ArrayList<>(lines(life));
    int at = lines.indexOf(from.replace("H", H));
    assertThat(at).as("%s is in %s", from, life).isNotNegative();
    if (to == null) {
      lines.remove(at);
    } else {
      lines.set(at, to.replace("H", H));
    }
    assertThat(anomaliesWith(life, lines))
        .anySatisfy(anomaly ->
            assertThat(anomaly.replace("group, ", "").replace("in life ", "")).contains(found));
  }

  /** An acknowledged entry that the rest of the group has forgotten: their terms tell. */
  @Test
  void nothingAcknowledgedGoesMissing() {
    var acknowledged =
        List.of(
            "started 0",
            "leader-started 2",
            "proposed 1 " + H + "01",
            "applied 2 2 " + H + "01",
            "ended 1 APPLIED");
    var forgetful = List.of("started 0", "leader-started 3");
    assertThat(LogContract.anomalies(List.of(life("n1 1", acknowledged), life("n2 1", forgetful))))
        .singleElement()
        .asString()
        .contains("leads in term 3 without entry 2");
    var replacing =
        List.of("started 0", "leader-started 1", "leader-stopped 1", "applied 3 3 " + H + "02");
    assertThat(LogContract.anomalies(List.of(life("n1 1", acknowledged), life("n2 1", replacing))))
        .singleElement()
        .asString()
        .contains("applies entry 3, but not entry 2");
  }

  /** What the end of a record does not tell may have been anything. */
  @Test
  void anyPartOfEachRecordIsAllowed() {
    var names = List.copyOf(LIVES.keySet());
    int[] lengths = names.stream().mapToInt(name -> lines(name).size()).toArray();
    int[] cut = new int[lengths.length];
    int tried = 0;
    do {
      var lives = new ArrayList<LogLife>();
      for (int i = 0; i < cut.length; i++) {
        lives.add(life(names.get(i), lines(names.get(i)).subList(0, cut[i])));
      }
      assertThat(LogContract.anomalies(lives)).as("cut at %s", Arrays.toString(cut)).isEmpty();
      tried++;
    } while (advance(cut, lengths));
    assertThat(tried)
        .isEqualTo(Arrays.stream(lengths).map(length -> length + 1).reduce(1, (a, b) -> a * b));
  }

  private static boolean advance(int[] counter, int[] max) {
    for (int i = 0; i < counter.length; i++) {
      if (counter[i]++ < max[i]) {
        return true;
      }
      counter[i] = 0;
    }
    return false;
  }

  @Test
  void groupsAreApartAndAnomaliesBounded() {
    var one = life("n1 1", List.of("started 0", "applied 1 1 " + H + "01"));
    var other =
        new LogLife(
            "other",
            "n1",
            1,
            false,
            List.of(LogEvent.parse("started 0"), new LogEvent.Applied(1, 1, 2)));
    assertThat(LogContract.anomalies(List.of(one, other))).isEmpty();
    var again = new ArrayList<LogEvent>(List.of(new LogEvent.Started(9)));
    for (int i = 0; i < 100; i++) {
      again.add(new LogEvent.Applied(9, 1, 9));
    }
    assertThat(LogContract.anomalies(List.of(new LogLife("group", "n1", 1, false, again))))
        .hasSize(11)
        .last()
        .asString()
        .endsWith("90 anomalies more");
  }
}
