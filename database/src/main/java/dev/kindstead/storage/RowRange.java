package dev.kindstead.storage;

import dev.kindstead.encoding.ByteOrder;

/**
 * What a scan walks: keys in [from, until), an empty until meaning no bound. Immutable.
 *
 * @param space CURRENT or INDEX
 */
public record RowRange(Space space, byte[] from, byte[] until, boolean reverse) {

  /** What is left of it behind a key. */
  RowRange behind(byte[] key) {
    return reverse
        ? new RowRange(space, from, key, true)
        : new RowRange(space, ByteOrder.after(key), until, false);
  }
}
