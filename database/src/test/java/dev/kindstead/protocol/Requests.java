package dev.kindstead.protocol;

import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Key.PathElement;
import com.google.datastore.v1.KindExpression;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.Value;
import java.util.List;
import java.util.stream.Stream;

/** Requests as clients send them. */
final class Requests {
  private Requests() {}

  static Key key(String kind, String name) {
    return Key.newBuilder().addPath(PathElement.newBuilder().setKind(kind).setName(name)).build();
  }

  static Key incomplete(String kind) {
    return Key.newBuilder().addPath(PathElement.newBuilder().setKind(kind)).build();
  }

  static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  static Value integer(long value) {
    return Value.newBuilder().setIntegerValue(value).build();
  }

  static Value array(Value... values) {
    return Value.newBuilder()
        .setArrayValue(ArrayValue.newBuilder().addAllValues(List.of(values)))
        .build();
  }

  static Value nested(String name, Value value) {
    return Value.newBuilder()
        .setEntityValue(Entity.newBuilder().putProperties(name, value))
        .build();
  }

  static Entity entity(Key key, String property, Value value) {
    return Entity.newBuilder().setKey(key).putProperties(property, value).build();
  }

  static Mutation upsert(Entity entity) {
    return Mutation.newBuilder().setUpsert(entity).build();
  }

  static CommitRequest write(Mutation... mutations) {
    return CommitRequest.newBuilder()
        .setProjectId("p1")
        .setMode(CommitRequest.Mode.NON_TRANSACTIONAL)
        .addAllMutations(List.of(mutations))
        .build();
  }

  /** Writes {@code value} as property {@code a}. */
  static CommitRequest writeValue(Value value) {
    return write(upsert(entity(key("Task", "one"), "a", value)));
  }

  static CommitRequest transactional(Mutation... mutations) {
    return write(mutations).toBuilder()
        .setMode(CommitRequest.Mode.TRANSACTIONAL)
        .setTransaction(com.google.protobuf.ByteString.copyFromUtf8("t"))
        .build();
  }

  static LookupRequest lookup(Key... keys) {
    return LookupRequest.newBuilder().setProjectId("p1").addAllKeys(List.of(keys)).build();
  }

  static Query.Builder query(String... kinds) {
    return Query.newBuilder()
        .addAllKind(
            Stream.of(kinds)
                .map(kind -> KindExpression.newBuilder().setName(kind).build())
                .toList());
  }

  static RunQueryRequest run(Query.Builder query) {
    return RunQueryRequest.newBuilder().setProjectId("p1").setQuery(query).build();
  }
}
