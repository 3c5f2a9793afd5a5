package dev.kindstead.faults.workload;

import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Key.PathElement;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.util.List;

/** Short spellings of the API's messages. */
final class Rows {
  private Rows() {}

  static Key key(String kind, String name) {
    return Key.newBuilder().addPath(PathElement.newBuilder().setKind(kind).setName(name)).build();
  }

  static Key incomplete(String kind) {
    return Key.newBuilder().addPath(PathElement.newBuilder().setKind(kind)).build();
  }

  static Entity entity(Key key, String property, Value value) {
    return Entity.newBuilder().setKey(key).putProperties(property, value).build();
  }

  static Value value(long number) {
    return Value.newBuilder().setIntegerValue(number).build();
  }

  static Value value(List<Integer> numbers) {
    var all = ArrayValue.newBuilder();
    numbers.forEach(number -> all.addValues(value(number)));
    return Value.newBuilder().setArrayValue(all).build();
  }

  static String name(Entity entity) {
    return entity.getKey().getPath(0).getName();
  }

  static long number(Entity entity, String property) {
    return entity.getPropertiesOrThrow(property).getIntegerValue();
  }

  static List<Integer> numbers(Entity entity, String property) {
    return entity.getPropertiesOrThrow(property).getArrayValue().getValuesList().stream()
        .map(each -> (int) each.getIntegerValue())
        .toList();
  }

  static Mutation insert(Entity entity) {
    return Mutation.newBuilder().setInsert(entity).build();
  }

  static Mutation update(Entity entity) {
    return Mutation.newBuilder().setUpdate(entity).build();
  }

  static Mutation upsert(Entity entity) {
    return Mutation.newBuilder().setUpsert(entity).build();
  }

  static ReadOptions strong() {
    return ReadOptions.getDefaultInstance();
  }

  static ReadOptions in(ByteString transaction) {
    return ReadOptions.newBuilder().setTransaction(transaction).build();
  }

  static ReadOptions at(Timestamp time) {
    return ReadOptions.newBuilder().setReadTime(time).build();
  }
}
