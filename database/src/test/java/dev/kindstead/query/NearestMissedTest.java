package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.Value;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Query.Order;
import dev.kindstead.vector.Measure;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The nearest are those that a plain look at every entity finds, in the same order. */
final class NearestMissedTest {
  private static final int DIMENSIONS = 5;
  private static final String DISTANCE = "distance";

  private final Shelf shelf = new Shelf(4);
  private final Map<Long, double[]> vectors = new TreeMap<>();

  private void put(long id, Value vector) {
    Map<String, Value> properties = new LinkedHashMap<>();
    properties.put("before", Value.of(new Value.StringValue("x".repeat((int) (id % 200)))));
    properties.put("n", Value.of(new Value.IntegerValue(id % 3)));
    properties.put("v", vector);
    shelf.put(new Entity(key(id), properties));
  }

  private static Key key(long id) {
    return new Key(RandomQueries.PARTITION, List.of(PathElement.ofId("K", id)));
  }

  private static Value vector(double... values) {
    List<Value> elements =
        Arrays.stream(values).mapToObj(each -> Value.of(new Value.DoubleValue(each))).toList();
    return new Value(new Value.ArrayValue(elements), 31, true);
  }

  private static Query query(
      @Nullable Filter filter, List<Order> orders, @Nullable Integer limit, Nearest nearest) {
    byte[] none = new byte[0];
    return new Query(
        RandomQueries.PARTITION,
        "K",
        List.of(),
        filter,
        orders,
        List.of(),
        none,
        none,
        0,
        limit,
        nearest);
  }

  private List<Long> found(Query query) {
    return shelf.run(query).results().stream()
        .map(each -> EntityEncoding.decode(each.entity()))
        .map(entity -> idOf(Shelf.key(entity)))
        .toList();
  }

  private static long idOf(Key key) {
    return Long.parseLong(key.path().getLast().toString().replaceAll("\\D+", ""));
  }

  private static double distance(Measure measure, double[] one, double[] other) {
    double product = 0;
    double ones = 0;
    double others = 0;
    double squares = 0;
    for (int i = 0; i < one.length; i++) {
      product += one[i] * other[i];
      ones += one[i] * one[i];
      others += other[i] * other[i];
      squares += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return switch (measure) {
      case EUCLIDEAN -> Math.sqrt(squares);
      case COSINE -> 1 - product / Math.sqrt(ones * others);
      case DOT_PRODUCT -> product;
    };
  }

  @Test
  void agreesWithAPlainLook() {
    Random random = new Random(11);
    for (long id = 1; id <= 400; id++) {
      double[] values = random.doubles(DIMENSIONS, -1, 1).toArray();
      vectors.put(id, values);
      put(id, vector(values));
    }
    for (Measure measure : Measure.values()) {
      for (int round = 0; round < 20; round++) {
        double[] target = random.doubles(DIMENSIONS, -1, 1).toArray();
        boolean filtered = random.nextBoolean();
        Double threshold = random.nextBoolean() ? Double.valueOf(0.4) : null;
        Comparator<Long> byDistance =
            Comparator.comparingDouble(id ->
                (measure == Measure.DOT_PRODUCT ? -1 : 1)
                    * distance(measure, target, vectors.getOrDefault(id, target)));
        List<Long> expected =
            vectors.keySet().stream()
                .filter(id -> !filtered || id % 3 == 1)
                .filter(id -> {
                  double far = distance(measure, target, vectors.getOrDefault(id, target));
                  return threshold == null
                      || (measure == Measure.DOT_PRODUCT ? far >= threshold : far <= threshold);
                })
                .sorted(byDistance)
                .limit(7)
                .toList();
        Filter filter = new Comparison("n", Operator.EQUAL, new Value.IntegerValue(1));
        assertThat(
                found(
                    query(
                        filtered ? filter : null,
                        List.of(),
                        null,
                        new Nearest("v", target, measure, 7, null, threshold))))
            .as(measure + " round " + round)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void whatIsNoSuchVectorIsPassedOver() {
    put(1, vector(1, 0));
    put(2, vector(1, 0, 0));
    put(3, Value.of(new Value.DoubleValue(1)));
    put(4, new Value(vector(1, 0).content(), 0, true));
    put(5, vector(Double.NaN, 0));
    put(6, vector(0, 0));
    shelf.put(new Entity(key(7), Map.of()));
    Nearest nearest = new Nearest("v", new double[] {1, 0}, Measure.COSINE, 10, null, null);
    assertThat(found(query(null, List.of(), null, nearest))).containsExactly(1L);
  }

  @Test
  void equallyNearOnesComeInTheQuerysOrder() {
    Stream.of(3L, 1L, 2L).forEach(id -> put(id, vector(1, 1)));
    Nearest nearest = new Nearest("v", new double[] {0, 0}, Measure.EUCLIDEAN, 2, null, null);
    assertThat(found(query(null, List.of(), null, nearest))).containsExactly(1L, 2L);
    assertThat(found(query(null, List.of(new Order(Query.KEY, true)), null, nearest)))
        .containsExactly(3L, 2L);
  }

  @Test
  void theQuerysOwnLimitComesFirst() {
    for (long id = 1; id <= 9; id++) {
      put(id, vector(10 - id, 0));
    }
    Nearest nearest = new Nearest("v", new double[] {0, 0}, Measure.EUCLIDEAN, 2, null, null);
    assertThat(found(query(null, List.of(), 4, nearest))).containsExactly(4L, 3L);
  }

  @Test
  void theDistanceIsToldWhereItWasAskedFor() {
    put(1, vector(3, 4));
    Nearest nearest = new Nearest("v", new double[] {0, 0}, Measure.EUCLIDEAN, 1, DISTANCE, null);
    Entity entity =
        EntityEncoding.decode(
            shelf.run(query(null, List.of(), null, nearest)).results().getFirst().entity());
    assertThat(entity.properties().get(DISTANCE)).isEqualTo(Value.of(new Value.DoubleValue(5)));
    assertThat(entity.properties()).containsKeys("v", "n", "before");
  }

  @Test
  void moreThanAnAnswerHoldsIsRefused() {
    Value text = new Value(new Value.StringValue("x".repeat(1_000_000)), 0, true);
    for (long id = 1; id <= 17; id++) {
      shelf.put(new Entity(key(id), Map.of("v", vector(id, 0), "text", text)));
    }
    Query few = query(null, List.of(), null, nearest(16));
    assertThat(shelf.run(few).results()).hasSize(16);
    Query more = query(null, List.of(), null, nearest(17));
    assertThatThrownBy(() -> shelf.run(more))
        .isInstanceOfSatisfying(
            DatastoreException.class,
            refused -> assertThat(refused.code()).isEqualTo(Code.RESOURCE_EXHAUSTED))
        .hasMessageContaining("ask for fewer");
    assertThat(shelf.run(more, List.of(new PropertyPath(List.of("v")))).results()).hasSize(17);
  }

  private static Nearest nearest(int limit) {
    return new Nearest("v", new double[] {0, 0}, Measure.EUCLIDEAN, limit, null, null);
  }
}
