package dev.kindstead.faults.workload;

import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.PropertyOrder.Direction;
import com.google.datastore.v1.PropertyReference;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunQueryRequest;
import dev.kindstead.faults.workload.IndexCalls.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The entities of one kind as a query without an index other than the kind's has them, and what
 * queries by other indexes answered at the same time. Immutable.
 *
 * @param entities in any order
 * @param answers by what was asked, in the order in which they came
 */
record IndexedRows(List<Row> entities, Map<Question, List<Row>> answers) {
  static final String KIND = "Indexed";
  static final String PART = "part";
  static final String VALUE = "value";
  static final int PARTS = 4;

  /** There for as long as the round; the other one comes and goes. */
  static final Shape LASTING = new Shape(PART, VALUE, true);

  static final Shape PASSING = new Shape(PART, VALUE, false);

  /** One entity; values are unique, so they have one order. */
  record Row(String name, long part, long value) {
    static Row of(EntityResult result) {
      Entity entity = result.getEntity();
      return new Row(Rows.name(entity), Rows.number(entity, PART), Rows.number(entity, VALUE));
    }
  }

  /**
   * A query in the order of the values.
   *
   * @param part of the entities, or -1 for all, which built-in indexes answer
   */
  record Question(int part, boolean isDescending) {
    static final int ALL = -1;

    private List<Row> expected(List<Row> entities) {
      Comparator<Row> order = Comparator.comparing(Row::value);
      return entities.stream()
          .filter(row -> part == ALL || row.part == part)
          .sorted(isDescending ? order.reversed() : order)
          .toList();
    }

    private RunQueryRequest.Builder request() {
      var request = RunQueryRequest.newBuilder();
      var query = request.getQueryBuilder();
      query.addKindBuilder().setName(KIND);
      if (part != ALL) {
        query
            .getFilterBuilder()
            .getPropertyFilterBuilder()
            .setProperty(PropertyReference.newBuilder().setName(PART))
            .setOp(PropertyFilter.Operator.EQUAL)
            .setValue(Rows.value(part));
      }
      query
          .addOrderBuilder()
          .setProperty(PropertyReference.newBuilder().setName(VALUE))
          .setDirection(isDescending ? Direction.DESCENDING : Direction.ASCENDING);
      return request;
    }
  }

  /** All that there is to ask, in the order of the parts. */
  static List<Question> questions() {
    List<Question> all = new ArrayList<>();
    for (int part = Question.ALL; part < PARTS; part++) {
      all.add(new Question(part, true));
      all.add(new Question(part, false));
    }
    return all;
  }

  /**
   * Asks one node.
   *
   * @param options with a read time where somebody may be writing
   */
  static IndexedRows read(Calls calls, ReadOptions options, List<Question> questions)
      throws Failed {
    var whole = RunQueryRequest.newBuilder();
    whole.getQueryBuilder().addKindBuilder().setName(KIND);
    List<Row> entities = rows(calls, options, whole);
    Map<Question, List<Row>> answers = new LinkedHashMap<>();
    for (Question each : questions) {
      answers.put(each, rows(calls, options, each.request()));
    }
    return new IndexedRows(entities, answers);
  }

  private static List<Row> rows(Calls calls, ReadOptions options, RunQueryRequest.Builder request)
      throws Failed {
    return Contents.all(calls, options, request).stream().map(Row::of).toList();
  }

  /** What indexes do not answer as the entities say. */
  List<String> anomalies(String who) {
    List<String> all = new ArrayList<>();
    answers.forEach((question, answer) -> {
      List<Row> expected = question.expected(entities);
      if (!answer.equals(expected)) {
        all.add(
            "%s: an index astray: %s was answered %s, but the entities are %s"
                .formatted(who, question, answer, expected));
      }
    });
    return all;
  }
}
