package dev.kindstead.encoding;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.EntityValue;

/**
 * What an entity may weigh: the API's limits as defaults, and the measures to hold against them.
 *
 * @see <a href="https://cloud.google.com/datastore/docs/concepts/limits">Limits</a>
 */
public final class EntityLimits {
  /** Size of an entity: the length of {@link EntityEncoding#encode}. */
  public static final int ENTITY_BYTES_MAX = 1_048_572;

  public static final int KEY_BYTES_MAX = 6 * 1024;

  /** Entity values within entity values. */
  public static final int NESTING_DEPTH_MAX = 20;

  private EntityLimits() {}

  /** The size of a key's path as it is stored, complete or not. */
  public static int keyBytes(Key key) {
    OrderedWriter writer = new OrderedWriter(128);
    KeyEncoding.putPath(writer, key.path());
    return writer.size();
  }

  /** How many entity values lie within each other at most: 0 for an entity of plain values. */
  public static int nestingDepth(Entity entity) {
    int deepest = 0;
    for (Value value : entity.properties().values()) {
      deepest = Math.max(deepest, nestingDepth(value));
    }
    return deepest;
  }

  private static int nestingDepth(Value value) {
    return switch (value.content()) {
      case EntityValue nested -> 1 + nestingDepth(nested.entity());
      case ArrayValue array -> {
        int deepest = 0;
        for (Value element : array.values()) {
          deepest = Math.max(deepest, nestingDepth(element));
        }
        yield deepest;
      }
      default -> 0;
    };
  }
}
