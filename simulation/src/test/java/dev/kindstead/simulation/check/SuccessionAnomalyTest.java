package dev.kindstead.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.check.Successions.Insert;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What stands at the end, where each insert replaces the last one that is known. */
final class SuccessionAnomalyTest {
  private final List<Insert> inserts = new ArrayList<>();
  private final Map<String, Set<Long>> found = new TreeMap<>();

  @Test
  void theLastOneStands() {
    done(1);
    refused();
    done(2);
    found(2);
    assertThat(anomalies()).isEmpty();
    found();
    assertFound("lost: 2, whose insert was acknowledged, is missing");
    found(1, 2);
    assertFound("undead: 1 was replaced, and is there");
    found(2, 9);
    assertFound("undead: [9] are there, by at most 0 inserts");
  }

  @Test
  void aRefusedInsertDeletesNothing() {
    done(1);
    refused();
    found(9);
    assertThat(anomalies()).hasSize(2);
  }

  @Test
  void anUnknownInsertReplacesItOrNot() {
    done(1);
    unknown();
    found(1);
    assertThat(anomalies()).isEmpty();
    found(9);
    assertThat(anomalies()).isEmpty();
    found();
    assertFound("lost: 1 is missing, and so is what has replaced it");
    found(1, 9);
    assertFound("undead: [9] are there, by at most 0 inserts");
  }

  @Test
  void whatUnknownInsertsLeaveStaysForGood() {
    unknown();
    done(1);
    unknown();
    unknown();
    done(2);
    unknown();
    found(2);
    assertThat(anomalies()).isEmpty();
    found(2, 7, 8, 9);
    assertThat(anomalies()).isEmpty();
    found(6, 7, 8, 9);
    assertThat(anomalies()).isEmpty();
    found(2, 6, 7, 8, 9);
    assertFound("undead: [6, 7, 8, 9] are there, by at most 3 inserts");
    found(7, 1);
    assertFound("undead: 1 was replaced, and is there");
  }

  @Test
  void belowAnotherParentItIsAnotherOne() {
    done(1);
    found.put("b", Set.of(1L));
    assertThat(anomalies()).hasSize(2);
  }

  private void done(long id) {
    inserts.add(new Insert("a", Outcome.DONE, id));
  }

  private void refused() {
    inserts.add(new Insert("a", Outcome.NOT_DONE, 0));
  }

  private void unknown() {
    inserts.add(new Insert("a", Outcome.UNKNOWN, 0));
  }

  private void found(long... ids) {
    found.put("a", Arrays.stream(ids).boxed().collect(Collectors.toSet()));
  }

  private List<String> anomalies() {
    return Successions.anomalies(inserts, found);
  }

  private void assertFound(String anomaly) {
    assertThat(anomalies()).singleElement().asString().startsWith("entities below a: " + anomaly);
  }
}
