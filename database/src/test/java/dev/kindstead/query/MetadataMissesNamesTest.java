package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.Content;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.QueryBatch.MoreResults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MetadataMissesNamesTest {
  private static final PartitionId PARTITION = new PartitionId("p", "", "");
  private static final byte[] NONE = new byte[0];

  private final Shelf shelf = new Shelf(4);
  private int nextId = 1;

  @Test
  void namespacesComeOnceWithTheDefaultFirst() {
    for (String namespace : List.of("zoo", "", "b", "b\0", "zoo", "")) {
      put(PARTITION.withNamespace(namespace), "K", Map.of());
    }
    put(new PartitionId("p", "other", "elsewhere"), "K", Map.of());
    put(new PartitionId("p2", "", "elsewhere"), "K", Map.of());

    assertThat(keys(query("__namespace__", null)))
        .containsExactly(
            key(PathElement.ofId("__namespace__", 1)),
            namespace("b"),
            namespace("b\0"),
            namespace("zoo"));
    assertThat(keys(query("__namespace__", compare(Operator.GREATER_THAN, namespace("b")))))
        .containsExactly(namespace("b\0"), namespace("zoo"));
    assertThat(
            keys(
                query(
                    "__namespace__",
                    compare(
                        Operator.LESS_THAN_OR_EQUAL, key(PathElement.ofId("__namespace__", 1))))))
        .containsExactly(key(PathElement.ofId("__namespace__", 1)));
  }

  @Test
  void kindsAreThoseOfTheNamespaceInAnyRange() {
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 60; i++) {
      String name = Integer.toString(i * 7919 % 60, 3);
      names.add(name);
      put(PARTITION, name, Map.of());
      put(PARTITION, name, Map.of());
      put(PARTITION.withNamespace("n"), "only there", Map.of());
    }
    for (String bound : List.of("", "0", "1", "101", "1010", "22", "3", "0\0")) {
      Key at = bound.isEmpty() ? key(PathElement.ofId("__kind__", 5)) : kind(bound);
      assertThat(keys(query("__kind__", compare(Operator.GREATER_THAN_OR_EQUAL, at))))
          .isEqualTo(kinds(names.tailSet(bound, true)));
      assertThat(keys(query("__kind__", compare(Operator.GREATER_THAN, at))))
          .isEqualTo(kinds(names.tailSet(bound, false)));
      assertThat(keys(query("__kind__", compare(Operator.LESS_THAN, at))))
          .isEqualTo(kinds(names.headSet(bound, false)));
      assertThat(keys(query("__kind__", compare(Operator.HAS_ANCESTOR, at))))
          .isEqualTo(names.contains(bound) ? List.of(at) : List.of());
    }
  }

  @Test
  void propertiesHangUnderTheirKindAndOnlyIndexedOnesAreThere() {
    put(PARTITION, "A", Map.of("x", integer(1), "hidden", excluded()));
    put(PARTITION, "A", Map.of("y", integer(1), "x", integer(7)));
    put(PARTITION, "AB", Map.of("a", integer(1)));
    put(PARTITION, "B", Map.of("z", integer(1)));

    assertThat(keys(query("__property__", null)))
        .containsExactly(
            property("A", "x"), property("A", "y"), property("AB", "a"), property("B", "z"));
    assertThat(keys(query("__property__", compare(Operator.HAS_ANCESTOR, kind("A")))))
        .containsExactly(property("A", "x"), property("A", "y"));
    assertThat(
            keys(
                query(
                    "__property__", compare(Operator.GREATER_THAN_OR_EQUAL, property("A", "xx")))))
        .containsExactly(property("A", "y"), property("AB", "a"), property("B", "z"));
    assertThat(keys(query("__property__", compare(Operator.GREATER_THAN, kind("AB")))))
        .containsExactly(property("AB", "a"), property("B", "z"));
    assertThat(keys(query("__property__", compare(Operator.LESS_THAN, kind("AB")))))
        .containsExactly(property("A", "x"), property("A", "y"));
  }

  @Test
  void representationsAreOfAllTypesOnAllShards() {
    for (Content each :
        List.of(
            new Value.KeyValue(kind("A")),
            new Value.GeoPointValue(1, 2),
            new Value.DoubleValue(1.5),
            new Value.BlobValue(Bytes.of(new byte[] {1})),
            new Value.StringValue("s"),
            new Value.BooleanValue(true),
            new Value.BooleanValue(false),
            new Value.TimestampValue(3),
            new Value.IntegerValue(3),
            Value.NullValue.NULL)) {
      put(PARTITION, "A", Map.of("p", Value.of(each)));
    }
    Entity only = entities(query("__property__", null)).getFirst();
    assertThat(strings(only)).isEqualTo(MetadataQuery.REPRESENTATIONS);

    Query projected = projecting(query("__property__", null), MetadataQuery.REPRESENTATION);
    assertThat(entities(projected).stream().flatMap(each -> strings(each).stream()))
        .isEqualTo(MetadataQuery.REPRESENTATIONS);
    List<Entity> paged = new ArrayList<>();
    byte[] cursor = NONE;
    QueryBatch batch;
    do {
      batch = shelf.run(SideBySide.with(projected, cursor, NONE, 0, 2));
      batch.results().forEach(each -> paged.add(EntityEncoding.decode(each.entity())));
      cursor = batch.endCursor();
    } while (batch.moreResults() != MoreResults.NO_MORE_RESULTS);
    assertThat(paged).isEqualTo(entities(projected));
  }

  @Test
  void pagesMeetWithoutGapAndKnowWhetherThereIsMore() {
    for (int i = 0; i < 10; i++) {
      put(PARTITION, "K" + i, Map.of());
    }
    Query all = query("__kind__", null);
    QueryBatch first = shelf.run(SideBySide.with(all, NONE, NONE, 2, 3));
    assertThat(first.skippedResults()).isEqualTo(2);
    assertThat(first.moreResults()).isEqualTo(MoreResults.MORE_RESULTS_AFTER_LIMIT);
    assertThat(keys(first)).containsExactly(kind("K2"), kind("K3"), kind("K4"));
    QueryBatch rest = shelf.run(SideBySide.with(all, first.endCursor(), NONE, 0, 5));
    assertThat(keys(rest))
        .containsExactly(kind("K5"), kind("K6"), kind("K7"), kind("K8"), kind("K9"));
    assertThat(rest.moreResults()).isEqualTo(MoreResults.NO_MORE_RESULTS);
    QueryBatch upTo = shelf.run(SideBySide.with(all, NONE, first.endCursor(), 0, 50));
    assertThat(upTo.results()).hasSize(5);
    assertThat(upTo.moreResults()).isEqualTo(MoreResults.MORE_RESULTS_AFTER_CURSOR);
  }

  @Test
  void aNameGoesWithItsLastEntity() {
    Key only = put(PARTITION, "Gone", Map.of("p", integer(1)));
    put(PARTITION, "Stays", Map.of("p", integer(1)));
    shelf.delete(only);
    assertThat(keys(query("__kind__", null))).containsExactly(kind("Stays"));
    assertThat(keys(query("__property__", null))).containsExactly(property("Stays", "p"));
  }

  @Test
  void theWorkFollowsTheNamesNotTheEntities() {
    for (int i = 0; i < 500; i++) {
      put(PARTITION, "K" + i % 3, Map.of("p", integer(i)));
    }
    // For each of four shards: each name, the place behind it, and each type in it and behind;
    // and the name of the sample in each kind.
    assertThat(shelf.run(query("__kind__", null)).work().indexEntriesScanned())
        .isLessThanOrEqualTo(4 * 4);
    assertThat(shelf.run(query("__property__", null)).work().indexEntriesScanned())
        .isLessThanOrEqualTo(4 * (4 + 3 * 2 + 3));
  }

  @Test
  void whatNamesCannotAnswerIsRefused() {
    Query all = query("__property__", null);
    Filter other =
        new Comparison(
            MetadataQuery.REPRESENTATION, Operator.EQUAL, new Value.StringValue("INT64"));
    assertRefused(query("__property__", other));
    assertRefused(
        query(
            "__kind__",
            compare(
                Operator.EQUAL,
                new Key(
                    PARTITION.withNamespace("n"), List.of(PathElement.ofName("__kind__", "K"))))));
    assertRefused(all.withOrders(List.of(new Query.Order(Query.KEY, true))));
    assertRefused(all.withOrders(List.of(new Query.Order(MetadataQuery.REPRESENTATION, false))));
    assertRefused(projecting(query("__kind__", null), MetadataQuery.REPRESENTATION));
  }

  private void assertRefused(Query query) {
    assertThatThrownBy(() -> shelf.queries().prepare(query)).isInstanceOf(DatastoreException.class);
  }

  private Key put(PartitionId partition, String kind, Map<String, Value> properties) {
    Key key = new Key(partition, List.of(PathElement.ofId(kind, nextId++)));
    shelf.put(new Entity(key, properties));
    return key;
  }

  private List<Entity> entities(Query query) {
    return shelf.run(query).results().stream()
        .map(each -> EntityEncoding.decode(each.entity()))
        .toList();
  }

  /** The keys, which a query for keys alone must find too. */
  private List<Key> keys(Query query) {
    List<Key> found = keys(shelf.run(query));
    assertThat(keys(shelf.run(projecting(query, Query.KEY)))).isEqualTo(found);
    return found;
  }

  private static List<Key> keys(QueryBatch batch) {
    return batch.results().stream()
        .map(each -> Shelf.key(EntityEncoding.decode(each.entity())))
        .toList();
  }

  private static List<String> strings(Entity entity) {
    Value value = entity.properties().get(MetadataQuery.REPRESENTATION);
    return switch (value == null ? null : value.content()) {
      case Value.StringValue(String one) -> List.of(one);
      case Value.ArrayValue(List<Value> many) ->
          many.stream().map(each -> ((Value.StringValue) each.content()).value()).toList();
      case null, default -> List.of();
    };
  }

  private static Filter compare(Operator operator, Key key) {
    return new Comparison(Query.KEY, operator, new Value.KeyValue(key));
  }

  private static Query query(String kind, @Nullable Filter filter) {
    return new Query(PARTITION, kind, List.of(), filter, List.of(), List.of(), NONE, NONE, 0, null);
  }

  private static Query projecting(Query query, String property) {
    return new Query(
        query.partition(),
        query.kind(),
        List.of(property),
        query.filter(),
        query.orders(),
        List.of(),
        NONE,
        NONE,
        0,
        null);
  }

  private static Value integer(long value) {
    return Value.of(new Value.IntegerValue(value));
  }

  private static Value excluded() {
    return new Value(new Value.IntegerValue(1), 0, true);
  }

  private static List<Key> kinds(Iterable<String> names) {
    List<Key> keys = new ArrayList<>();
    names.forEach(each -> keys.add(kind(each)));
    return keys;
  }

  private static Key kind(String name) {
    return key(PathElement.ofName("__kind__", name));
  }

  private static Key namespace(String name) {
    return key(PathElement.ofName("__namespace__", name));
  }

  private static Key property(String kind, String name) {
    return key(PathElement.ofName("__kind__", kind), PathElement.ofName("__property__", name));
  }

  private static Key key(PathElement... path) {
    return new Key(PARTITION, List.of(path));
  }
}
