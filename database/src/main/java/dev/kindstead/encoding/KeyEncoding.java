package dev.kindstead.encoding;

import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;

/**
 * Keys as bytes in the order of the API: partition first, then element by element: kind, ids
 * (signed) before names, ancestors before descendants. Layout: docs/formats/keys.md.
 */
public final class KeyEncoding {
  private KeyEncoding() {}

  /**
   * The row key of a complete key: partition, then path. Every descendant's bytes start with it.
   */
  public static byte[] entityKey(Key key) {
    throw new UnsupportedOperationException();
  }

  /** The inverse of {@link #entityKey}. */
  public static Key decodeEntityKey(byte[] entityKey) {
    throw new UnsupportedOperationException();
  }

  /** What every row key of the partition starts with, and no other. */
  public static byte[] partitionPrefix(PartitionId partition) {
    throw new UnsupportedOperationException();
  }

  /** The canonical entity group key: partition and root element; the root must be complete. */
  public static byte[] entityGroupKey(Key key) {
    throw new UnsupportedOperationException();
  }
}
