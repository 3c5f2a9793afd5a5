package dev.kindstead.encoding;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PropertyMask;
import dev.kindstead.model.PropertyPath;
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
  private static final int EXPECTED_BYTES = 1024;
  private static final int EXPECTED_KEY_BYTES = 128;

  private EntityEncoding() {}

  public static byte[] encode(Entity entity) {
    BackwardWriter writer = new BackwardWriter(EXPECTED_BYTES);
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
    BackwardWriter writer = new BackwardWriter(EXPECTED_KEY_BYTES);
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
}
