package dev.kindstead.faults.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.faults.workload.IndexedRows.Question;
import dev.kindstead.faults.workload.IndexedRows.Row;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an index answers otherwise than the entities say is found, planted by hand. */
final class IndexedRowsTest {
  private static final Row A = new Row("a", 1, 10);
  private static final Row B = new Row("b", 1, 30);
  private static final Row C = new Row("c", 2, 20);
  private static final List<Row> ENTITIES = List.of(A, B, C);

  private static List<String> anomalies(Question question, Row... answer) {
    return new IndexedRows(ENTITIES, Map.of(question, List.of(answer))).anomalies("who");
  }

  @Test
  void whatTheEntitiesSayIsNoAnomaly() {
    assertThat(anomalies(new Question(1, true), B, A)).isEmpty();
    assertThat(anomalies(new Question(1, false), A, B)).isEmpty();
    assertThat(anomalies(new Question(3, false))).isEmpty();
    assertThat(anomalies(new Question(Question.ALL, false), A, C, B)).isEmpty();
  }

  @Test
  void missingDoubleForeignStaleAndDisorderedRowsAreFound() {
    Question descending = new Question(1, true);
    assertThat(anomalies(descending, B)).hasSize(1);
    assertThat(anomalies(descending, B, A, A)).hasSize(1);
    assertThat(anomalies(descending, B, C, A)).hasSize(1);
    assertThat(anomalies(descending, new Row("b", 1, 29), A)).hasSize(1);
    assertThat(anomalies(descending, A, B)).singleElement().asString().contains("index astray");
    assertThat(anomalies(new Question(Question.ALL, false), A, B)).hasSize(1);
  }
}
