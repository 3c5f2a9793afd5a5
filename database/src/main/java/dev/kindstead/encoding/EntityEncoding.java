package dev.kindstead.encoding;

import dev.kindstead.model.Entity;

/**
 * The bytes of a stored entity: the wire format of the API's message {@code
 * google.datastore.v1.Entity}, so that a lookup copies them into its answer without looking inside.
 */
public final class EntityEncoding {
  private EntityEncoding() {}

  public static byte[] encode(Entity entity) {
    throw new UnsupportedOperationException();
  }

  /** Throws {@link CorruptBytesException} when the bytes are not an entity. */
  public static Entity decode(byte[] bytes) {
    throw new UnsupportedOperationException();
  }
}
