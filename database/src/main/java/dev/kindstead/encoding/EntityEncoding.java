package dev.kindstead.encoding;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PropertyMask;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.BlobValue;
import dev.kindstead.model.Value.StringValue;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The bytes of a stored entity: the wire format of the API's message {@code
 * google.datastore.v1.Entity}, so that a lookup copies them into its answer without looking inside.
 * The key comes first, then the properties in their order. Layout: docs/formats/entities.md.
 *
 * <p>Every reading method throws {@link CorruptBytesException} when the bytes are not an entity.
 */
public final class EntityEncoding {
  // Generous guesses: short ones cost a copy.
  private static final int KEY_BYTES_EXPECTED = 160;
  private static final int VALUE_BYTES_EXPECTED = 40;

  private EntityEncoding() {}

  public static byte[] encode(Entity entity) {
    BackwardWriter writer = new BackwardWriter(expectedSize(entity));
    EntityWriter.entity(writer, entity);
    return writer.toByteArray();
  }

  public static Entity decode(byte[] bytes) {
    try {
      return new EntityReader(bytes).entity();
    } catch (IOException malformed) {
      throw new CorruptBytesException("an entity", malformed);
    }
  }

  /** An entity with this key and no properties: what a keys-only query answers. */
  public static byte[] encodeKeyOnly(Key key) {
    BackwardWriter writer = new BackwardWriter(KEY_BYTES_EXPECTED);
    EntityWriter.entity(writer, new Entity(key, Map.of()));
    return writer.toByteArray();
  }

  /** The key of a stored entity; its properties are not looked at. */
  public static Key decodeKeyOnly(byte[] bytes) {
    try {
      Key key = new EntityReader(bytes).key();
      if (key == null) {
        throw new CorruptBytesException("a stored entity without a key");
      }
      return key;
    } catch (IOException malformed) {
      throw new CorruptBytesException("an entity's key", malformed);
    }
  }

  /** The stored entity with only the properties of a read mask; its key stays. */
  public static byte[] project(byte[] bytes, List<PropertyPath> mask) {
    return encode(PropertyMask.of(mask).keep(decode(bytes)));
  }

  private static int expectedSize(Entity entity) {
    int size = KEY_BYTES_EXPECTED;
    for (Map.Entry<String, Value> property : entity.properties().entrySet()) {
      size += VALUE_BYTES_EXPECTED + property.getKey().length();
      if (property.getValue().content() instanceof StringValue string) {
        size += string.value().length();
      } else if (property.getValue().content() instanceof BlobValue blob) {
        size += blob.bytes().size();
      }
    }
    return size;
  }
}
