package dev.kindstead.acceptance;

import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Key.PathElement;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.Value;
import java.util.List;

/** Short spellings of the API's messages. */
final class Raw {
  private Raw() {}

  static Key key(String kind, String name) {
    return Key.newBuilder().addPath(PathElement.newBuilder().setKind(kind).setName(name)).build();
  }

  static Key key(Key parent, String kind, String name) {
    return parent.toBuilder().addPath(PathElement.newBuilder().setKind(kind).setName(name)).build();
  }

  static Key key(String kind, long id) {
    return Key.newBuilder().addPath(PathElement.newBuilder().setKind(kind).setId(id)).build();
  }

  static Key incomplete(String kind) {
    return Key.newBuilder().addPath(PathElement.newBuilder().setKind(kind)).build();
  }

  static Entity entity(Key key, String property, Value value) {
    return Entity.newBuilder().setKey(key).putProperties(property, value).build();
  }

  static Value value(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  static Value value(long number) {
    return Value.newBuilder().setIntegerValue(number).build();
  }

  static Value value(double number) {
    return Value.newBuilder().setDoubleValue(number).build();
  }

  static Value array(Value... values) {
    return Value.newBuilder()
        .setArrayValue(ArrayValue.newBuilder().addAllValues(List.of(values)))
        .build();
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

  static Mutation delete(Key key) {
    return Mutation.newBuilder().setDelete(key).build();
  }
}
