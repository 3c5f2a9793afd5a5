package dev.kindstead.encoding;

import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.Value;

/**
 * Index entries as bytes: the kind index (partition, kind, path) and the built-in property indexes
 * (partition, kind, property, value, path). One physical entry per indexed value, scanned both
 * ways. Layout: docs/formats/index-entries.md.
 */
public final class IndexKeyEncoding {
  private IndexKeyEncoding() {}

  /** What every kind-index entry of this kind starts with. */
  public static byte[] kindPrefix(PartitionId partition, String kind) {
    throw new UnsupportedOperationException();
  }

  public static byte[] kindEntry(Key key) {
    throw new UnsupportedOperationException();
  }

  /** What every entry of this property's index starts with; {@code property} may be dotted. */
  public static byte[] propertyPrefix(PartitionId partition, String kind, String property) {
    throw new UnsupportedOperationException();
  }

  /** What every entry of this property's index with exactly this value starts with. */
  public static byte[] propertyValuePrefix(
      PartitionId partition, String kind, String property, Value.Content value) {
    throw new UnsupportedOperationException();
  }

  public static byte[] propertyEntry(Key key, String property, Value.Content value) {
    throw new UnsupportedOperationException();
  }

  /**
   * The entity's key in an index entry.
   *
   * @param prefixLength length of {@link #kindPrefix} or {@link #propertyPrefix}
   */
  public static Key decodeKey(
      byte[] entry, int prefixLength, PartitionId partition, boolean isKindIndex) {
    throw new UnsupportedOperationException();
  }

  /** The value in a property-index entry; timestamps come back as integers of microseconds. */
  public static Value.Content decodeValue(byte[] entry, int prefixLength) {
    throw new UnsupportedOperationException();
  }

  /** Where the entity's path begins in the entry: end of the value, or of the kind prefix. */
  public static int pathOffset(byte[] entry, int prefixLength, boolean isKindIndex) {
    throw new UnsupportedOperationException();
  }
}
