package dev.kindstead.protocol;

import static dev.kindstead.protocol.Requests.array;
import static dev.kindstead.protocol.Requests.entity;
import static dev.kindstead.protocol.Requests.incomplete;
import static dev.kindstead.protocol.Requests.integer;
import static dev.kindstead.protocol.Requests.key;
import static dev.kindstead.protocol.Requests.lookup;
import static dev.kindstead.protocol.Requests.nested;
import static dev.kindstead.protocol.Requests.query;
import static dev.kindstead.protocol.Requests.run;
import static dev.kindstead.protocol.Requests.text;
import static dev.kindstead.protocol.Requests.transactional;
import static dev.kindstead.protocol.Requests.upsert;
import static dev.kindstead.protocol.Requests.write;
import static dev.kindstead.protocol.Requests.writeValue;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.AggregationQuery.Aggregation;
import com.google.datastore.v1.AggregationQuery.Aggregation.Count;
import com.google.datastore.v1.AggregationQuery.Aggregation.Sum;
import com.google.datastore.v1.AllocateIdsRequest;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CompositeFilter;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Filter;
import com.google.datastore.v1.FindNearest;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Key.PathElement;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Projection;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.PropertyFilter.Operator;
import com.google.datastore.v1.PropertyOrder;
import com.google.datastore.v1.PropertyReference;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RollbackRequest;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.TransactionOptions;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Message;
import com.google.type.LatLng;
import dev.kindstead.model.DatastoreException;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** Applications and suites compare these texts; they are the service's own. */
final class RefusedTextsTest {
  private final FakeOperations operations = new FakeOperations();
  private final Handlers handlers = new Handlers(operations, Limits.DEFAULT);

  private record Case(Rpc rpc, Message request, String text) {}

  private static Case commit(CommitRequest request, String text) {
    return new Case(Rpc.COMMIT, request, text);
  }

  private static Case value(Value value, String text) {
    return commit(writeValue(value), text);
  }

  private static Case look(Key key, String text) {
    return new Case(Rpc.LOOKUP, lookup(key), text);
  }

  private static Case ask(com.google.datastore.v1.Query.Builder query, String text) {
    return new Case(Rpc.RUN_QUERY, run(query), text);
  }

  private void check(List<Case> cases) {
    var softly = new SoftAssertions();
    for (Case each : cases) {
      String text = "accepted";
      try {
        handlers.handle(each.rpc, each.request, null, Long.MAX_VALUE);
      } catch (DatastoreException e) {
        text = e.getMessage();
      }
      softly.assertThat(text).isEqualTo(each.text);
    }
    softly.assertAll();
  }

  @Test
  void keysThatBreakARule() {
    check(
        List.of(
            look(Key.getDefaultInstance(), "Key path is empty."),
            look(
                Key.newBuilder()
                    .addAllPath(
                        key("A", "b").getPathList().stream()
                            .flatMap(p -> java.util.Collections.nCopies(101, p).stream())
                            .toList())
                    .build(),
                "Key path is too long. Cannot exceed 100 elements."),
            look(incomplete("W"), "Key path element must not be incomplete: [W: ]"),
            look(
                Key.newBuilder().addPath(PathElement.newBuilder().setKind("W").setId(0)).build(),
                "Key path id is invalid. Must not be zero."),
            look(key("", "x"), "The kind is the empty string."),
            look(key("x".repeat(1501), "x"), "The kind is longer than 1500 bytes."),
            look(key("W", "ä".repeat(751)), "The key path element name is longer than 1500 bytes."),
            look(
                key("W", "x").toBuilder()
                    .setPartitionId(PartitionId.newBuilder().setProjectId("other"))
                    .build(),
                "mismatched databases within request: <unknown!>~p1 vs. <unknown!>~other"),
            look(
                key("W", "x").toBuilder()
                    .setPartitionId(PartitionId.newBuilder().setNamespaceId("a b"))
                    .build(),
                "Illegal string \"a b\" in namespace id."),
            commit(
                write(upsert(entity(key("__foo__", "x"), "a", integer(1)))),
                "The kind \"__foo__\" is reserved."),
            commit(
                write(upsert(entity(key("W", "__n__"), "a", integer(1)))),
                "The key path element name \"__n__\" is reserved."),
            commit(
                write(
                    upsert(
                        entity(
                            key("W", "n").toBuilder()
                                .setPartitionId(PartitionId.newBuilder().setNamespaceId("__ns__"))
                                .build(),
                            "a",
                            integer(1)))),
                "The namespace id \"__ns__\" is reserved."),
            commit(
                write(Mutation.newBuilder().setDelete(incomplete("W")).build()),
                "Key path element must not be incomplete: [W: ]"),
            new Case(
                Rpc.ALLOCATE_IDS,
                AllocateIdsRequest.newBuilder().setProjectId("p1").addKeys(key("W", "x")).build(),
                "Key path element must not be complete: [W: x]"),
            new Case(
                Rpc.LOOKUP,
                LookupRequest.newBuilder().setProjectId("p1").setDatabaseId("(default)").build(),
                "\"(default)\" is an invalid database id."),
            new Case(
                Rpc.LOOKUP,
                LookupRequest.getDefaultInstance(),
                "The project id is the empty string.")));
  }

  @Test
  void valuesThatAreNotStored() {
    check(
        List.of(
            value(Value.getDefaultInstance(), "The value \"a\" does not contain a value."),
            value(
                array(array(integer(1))),
                "list_value cannot contain a Value containing another list_value."),
            value(
                array(integer(1)).toBuilder().setExcludeFromIndexes(true).build(),
                "Exclude from indexes cannot be set on a list value"),
            value(
                Value.newBuilder().setGeoPointValue(LatLng.newBuilder().setLatitude(90.1)).build(),
                "Geo point latitude outside permitted range -90.0 to 90.0."),
            value(
                Value.newBuilder()
                    .setGeoPointValue(LatLng.newBuilder().setLongitude(Double.NaN))
                    .build(),
                "Geo point longitude outside permitted range -180.0 to 180.0."),
            value(
                integer(1).toBuilder().setMeaning(18).build(),
                "Projection property cannot be used."),
            value(text("x").toBuilder().setMeaning(15).build(), "Indexed value has meaning 15."),
            value(text("x".repeat(1501)), "The value of property \"a\" is longer than 1500 bytes."),
            value(
                array(nested("b", text("ä".repeat(751)))),
                "The value of property \"b\" is longer than 1500 bytes."),
            value(
                text("x".repeat(1_048_488)).toBuilder().setExcludeFromIndexes(true).build(),
                "The value of property \"a\" is longer than 1048487 bytes."),
            value(
                text("x".repeat(1_048_580)).toBuilder().setExcludeFromIndexes(true).build(),
                "maximum entity size is 1048572 bytes"),
            commit(
                write(upsert(entity(key("W", "x"), "__p__", integer(1)))),
                "The property.name \"__p__\" is reserved."),
            commit(write(upsert(Entity.getDefaultInstance())), "Entity is missing key."),
            commit(write(Mutation.getDefaultInstance()), "Mutation is missing operation.")));
  }

  @Test
  void valuesThatLookSimilarAreAccepted() {
    Value vector =
        array(
                Value.newBuilder().setDoubleValue(1).build(),
                Value.newBuilder().setDoubleValue(2).build())
            .toBuilder()
            .setMeaning(31)
            .setExcludeFromIndexes(true)
            .build();
    Value longText = text("x".repeat(2_000));
    check(
        List.of(
            value(vector, "accepted"),
            value(array(), "accepted"),
            value(array().toBuilder().setMeaning(24).build(), "accepted"),
            value(longText.toBuilder().setExcludeFromIndexes(true).build(), "accepted"),
            value(
                nested("b", longText).toBuilder().setExcludeFromIndexes(true).build(), "accepted"),
            value(
                array(longText.toBuilder().setExcludeFromIndexes(true).build(), integer(1)),
                "accepted"),
            look(key("__namespace__", "x"), "accepted"),
            value(Value.newBuilder().setKeyValue(key("__kind__", "x")).build(), "accepted")));
  }

  @Test
  void entitiesNestTwentyDeep() {
    Value deep = integer(1);
    for (int i = 0; i < 20; i++) {
      deep = nested("b", deep);
    }
    check(
        List.of(
            value(deep, "accepted"),
            value(nested("b", deep), "Entity values cannot be nested deeper than 20.")));
  }

  @Test
  void mutationsThatExcludeEachOther() {
    Entity one = entity(key("W", "x"), "a", integer(1));
    Mutation insert = Mutation.newBuilder().setInsert(one).build();
    Mutation update = Mutation.newBuilder().setUpdate(one).build();
    Mutation delete = Mutation.newBuilder().setDelete(one.getKey()).build();
    check(
        List.of(
            commit(
                transactional(insert, insert),
                "Cannot insert then insert an entity in the same request."),
            commit(
                transactional(upsert(one), insert),
                "Cannot upsert then insert an entity in the same request."),
            commit(
                transactional(update, insert),
                "Cannot update then insert an entity in the same request."),
            commit(
                transactional(delete, update),
                "Cannot delete then update an entity in the same request."),
            commit(transactional(insert, update, delete, insert), "accepted"),
            commit(
                write(upsert(one), delete),
                "A non-transactional commit may not contain multiple mutations affecting the same"
                    + " entity.")));
  }

  @Test
  void modesAndTransactionsThatDoNotFit() {
    ByteString id = ByteString.copyFromUtf8("t");
    CommitRequest none = CommitRequest.newBuilder().setProjectId("p1").build();
    check(
        List.of(
            commit(none, "transactional commit requires a transaction"),
            commit(none.toBuilder().setTransaction(id).build(), "accepted"),
            commit(
                none.toBuilder().setTransaction(ByteString.EMPTY).build(),
                "a transaction cannot be the empty string."),
            commit(
                write().toBuilder().setTransaction(id).build(),
                "non-transaction commit cannot specify a transaction"),
            commit(write(), "accepted"),
            commit(
                none.toBuilder()
                    .setSingleUseTransaction(
                        TransactionOptions.newBuilder()
                            .setReadOnly(TransactionOptions.ReadOnly.getDefaultInstance()))
                    .build(),
                "single_use_transaction in a commit request must be READ_WRITE."),
            new Case(
                Rpc.ROLLBACK,
                RollbackRequest.newBuilder().setProjectId("p1").build(),
                "a transaction cannot be the empty string."),
            new Case(
                Rpc.LOOKUP,
                lookup().toBuilder()
                    .setReadOptions(ReadOptions.newBuilder().setTransaction(ByteString.EMPTY))
                    .build(),
                "a transaction cannot be the empty string.")));
  }

  private static Filter where(String property, Operator operator, Value value) {
    return Filter.newBuilder()
        .setPropertyFilter(
            PropertyFilter.newBuilder()
                .setProperty(PropertyReference.newBuilder().setName(property))
                .setOp(operator)
                .setValue(value))
        .build();
  }

  private static Filter all(Filter... filters) {
    return Filter.newBuilder()
        .setCompositeFilter(
            CompositeFilter.newBuilder()
                .setOp(CompositeFilter.Operator.AND)
                .addAllFilters(List.of(filters)))
        .build();
  }

  private static Projection projection(String property) {
    return Projection.newBuilder()
        .setProperty(PropertyReference.newBuilder().setName(property))
        .build();
  }

  private static PropertyOrder order(String property) {
    return PropertyOrder.newBuilder()
        .setProperty(PropertyReference.newBuilder().setName(property))
        .build();
  }

  @Test
  void filtersThatCannotBeMeant() {
    Value foreign =
        Value.newBuilder()
            .setKeyValue(
                key("W", "x").toBuilder()
                    .setPartitionId(PartitionId.newBuilder().setNamespaceId("ns1")))
            .build();
    Value[] many = new Value[31];
    java.util.Arrays.fill(many, integer(1));
    check(
        List.of(
            ask(query("A", "B"), "multiple kinds not supported"),
            ask(
                query().setFilter(where("a", Operator.EQUAL, integer(1))),
                "kind is required for filter: a"),
            ask(
                query().addOrder(order("a")),
                "kind is required for all orders except __key__ ascending"),
            ask(
                query("A").setFilter(where("__key__", Operator.EQUAL, integer(1))),
                "__key__ filter value must be a Key"),
            ask(
                query("A").setFilter(where("__key__", Operator.GREATER_THAN, foreign)),
                "The query namespace is '' but __key__ filter namespace is 'ns1'."),
            ask(
                query("A").setFilter(where("a", Operator.EQUAL, array(integer(1)))),
                "A list value is not allowed"),
            ask(
                query("A").setFilter(where("a", Operator.EQUAL, nested("b", integer(1)))),
                "An entity value is not allowed"),
            ask(
                query("A")
                    .setFilter(
                        where(
                            "a",
                            Operator.EQUAL,
                            integer(1).toBuilder().setExcludeFromIndexes(true).build())),
                "a filter value must be indexed"),
            ask(
                query("A").setFilter(where("a", Operator.OPERATOR_UNSPECIFIED, integer(1))),
                "a property filter must specify an operator"),
            ask(
                query("A").setFilter(all()),
                "A composite filter must have at least one sub-filter."),
            ask(
                query("A").setFilter(where("a", Operator.IN, array())),
                "IN requires an non-empty ArrayValue."),
            ask(
                query("A").setFilter(where("a", Operator.IN, array(many))),
                "IN supports up to 30 values."),
            ask(
                query("A").setFilter(where("a", Operator.NOT_IN, array(many))),
                "NOT_IN supports up to 10 values."),
            ask(
                query("A")
                    .setFilter(
                        all(
                            where("a", Operator.NOT_EQUAL, integer(1)),
                            where("b", Operator.NOT_EQUAL, integer(1)))),
                "Only a single 'NOT_EQUAL' or 'NOT_IN' is allowed per query."),
            ask(
                query("A")
                    .addProjection(projection("a"))
                    .setFilter(where("a", Operator.EQUAL, integer(1))),
                "Cannot use projection on a property with an equality filter."),
            ask(
                query("A")
                    .addDistinctOn(PropertyReference.newBuilder().setName("a"))
                    .addOrder(order("b"))
                    .addOrder(order("a")),
                "All group by properties must be ordered before any non group by properties."),
            ask(query("A").setLimit(Int32Value.of(-1)), "Limit must be non-negative."),
            ask(query("A").setOffset(-1), "Offset must be non-negative."),
            ask(query("A").setFilter(where("a", Operator.IN, array(integer(1)))), "accepted")));
  }

  @Test
  void aggregationsThatCannotBeComputed() {
    Aggregation count = Aggregation.newBuilder().setCount(Count.getDefaultInstance()).build();
    Aggregation ofKey =
        Aggregation.newBuilder()
            .setSum(Sum.newBuilder().setProperty(PropertyReference.newBuilder().setName("__key__")))
            .build();
    Aggregation named = count.toBuilder().setAlias("a").build();
    check(
        List.of(
            aggregate("Aggregations can not be empty."),
            aggregate(
                "The maximum number of aggregations allowed in an aggregation query is 5."
                    + " Received: 6",
                count,
                count,
                count,
                count,
                count,
                count),
            aggregate("Aggregation aliases contain duplicate alias: a.", named, named),
            aggregate("Aggregations are not supported for the property: __key__", ofKey),
            aggregate("accepted", count, named, count)));
    var aliases = requireNonNull(operations.lastAggregations);
    assertThat(aliases.stream().map(a -> a.alias()))
        .containsExactly("property_1", "a", "property_2");
  }

  private static Case aggregate(String text, Aggregation... aggregations) {
    return new Case(
        Rpc.RUN_AGGREGATION_QUERY,
        RunAggregationQueryRequest.newBuilder()
            .setProjectId("p1")
            .setAggregationQuery(
                AggregationQuery.newBuilder()
                    .setNestedQuery(query("A"))
                    .addAllAggregations(List.of(aggregations)))
            .build(),
        text);
  }

  @Test
  void nearestMustSayWhatItLooksFor() {
    var vector = Value.newBuilder();
    vector.getArrayValueBuilder().addValues(Value.newBuilder().setDoubleValue(1));
    FindNearest whole =
        FindNearest.newBuilder()
            .setVectorProperty(PropertyReference.newBuilder().setName("v"))
            .setQueryVector(vector)
            .setDistanceMeasure(FindNearest.DistanceMeasure.COSINE)
            .setLimit(Int32Value.of(100))
            .build();
    check(
        List.of(
            ask(
                query("A").setFindNearest(whole.toBuilder().setLimit(Int32Value.of(101))),
                "find_nearest limit must be between 1 and 100."),
            ask(
                query("A").setFindNearest(whole.toBuilder().clearLimit()),
                "find_nearest limit must be between 1 and 100."),
            ask(
                query("A").setFindNearest(whole.toBuilder().clearDistanceMeasure()),
                "find_nearest must specify a distance_measure."),
            ask(
                query("A").setFindNearest(whole.toBuilder().clearQueryVector()),
                "find_nearest query_vector must have between 1 and 2048 dimensions."),
            ask(
                query("A")
                    .setFindNearest(
                        whole.toBuilder().setQueryVector(Requests.array(Requests.integer(1)))),
                "find_nearest query_vector must consist of doubles."),
            ask(query("A").clearKind().setFindNearest(whole), "kind is required for find_nearest"),
            ask(
                query("A").setFindNearest(whole).setStartCursor(ByteString.copyFromUtf8("c")),
                "Cursors cannot be used with find_nearest.")));
  }
}
