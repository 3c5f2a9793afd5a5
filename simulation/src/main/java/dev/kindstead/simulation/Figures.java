package dev.kindstead.simulation;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.storage.EntityRow;
import java.util.List;
import java.util.Map;

/**
 * Entities of one number each: accounts of a bank, registers, and elements of a set. Each is an
 * entity group of its own. Pure.
 */
final class Figures {
  static final DatabaseId DATABASE = Lists.DATABASE;

  /** Apart from the lists, and so are their index entries. */
  private static final PartitionId PARTITION = new PartitionId("simulated", "", "figures");

  static final String ACCOUNT = "Account";
  static final String REGISTER = "Register";
  static final String ELEMENT = "Element";
  private static final String VALUE = "value";

  private Figures() {}

  static Key key(String kind, String name) {
    return new Key(PARTITION, List.of(PathElement.ofName(kind, name)));
  }

  static boolean isOne(Entity entity) {
    Key key = entity.key();
    return key != null && key.partition().equals(PARTITION);
  }

  static boolean isOf(String kind, Entity entity) {
    Key key = entity.key();
    return key != null && isOne(entity) && key.kind().equals(kind);
  }

  static String name(Key key) {
    return String.valueOf(key.last().name());
  }

  static long value(EntityRow row) {
    return value(EntityEncoding.decode(row.entity()));
  }

  static long value(Entity entity) {
    Value value = entity.properties().get(VALUE);
    if (value != null && value.content() instanceof Value.IntegerValue number) {
      return number.value();
    }
    throw new IllegalStateException("every figure has a value: " + entity);
  }

  static Mutation write(Mutation.Operation operation, Key key, long value) {
    return Mutation.plain(operation, key, entity(key, value));
  }

  /** Writes if the stored entity still has this version, zero for none; else its result says so. */
  static Mutation writeIf(Key key, long value, long version) {
    return new Mutation(
        Mutation.Operation.UPSERT,
        key,
        entity(key, value),
        new Mutation.BaseVersion(version),
        Mutation.Resolution.SERVER_VALUE,
        null,
        List.of());
  }

  private static Entity entity(Key key, long value) {
    return new Entity(key, Map.of(VALUE, Value.of(new Value.IntegerValue(value))));
  }
}
