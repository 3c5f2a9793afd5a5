package dev.kindstead.encoding;

import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.Value;

/**
 * Index entries as bytes: the kind index (partition, kind, path) and the built-in property indexes
 * (partition, kind, property, value, path). One physical entry per indexed value, scanned both
 * ways. Layout: docs/formats/index-entries.md. All the entries of one entity at once: {@link
 * IndexEntryWriter}.
 */
public final class IndexKeyEncoding {
  private IndexKeyEncoding() {}

  /** What every kind-index entry of this kind starts with. */
  public static byte[] kindPrefix(PartitionId partition, String kind) {
    return IndexEntryWriter.kindPrefix(IndexEntryWriter.KIND_INDEX, partition, kind).toByteArray();
  }

  public static byte[] kindEntry(Key key) {
    return new IndexEntryWriter(key).kindEntry();
  }

  /** What every entry of this property's index starts with; {@code property} may be dotted. */
  public static byte[] propertyPrefix(PartitionId partition, String kind, String property) {
    return propertyWriter(partition, kind, property).toByteArray();
  }

  /** What every entry of this property's index with exactly this value and type starts with. */
  public static byte[] propertyValuePrefix(
      PartitionId partition, String kind, String property, Value.Content value) {
    OrderedWriter writer = propertyWriter(partition, kind, property);
    ValueEncoding.put(writer, value);
    return writer.toByteArray();
  }

  /**
   * What every entry starts with whose value is equal to this one in the order: the bound of a
   * range filter. It differs from {@link #propertyValuePrefix} where types share an order (integers
   * and timestamps, strings and blobs).
   */
  public static byte[] propertyRangePrefix(
      PartitionId partition, String kind, String property, Value.Content value) {
    OrderedWriter writer = propertyWriter(partition, kind, property);
    ValueEncoding.putOrder(writer, value);
    return writer.toByteArray();
  }

  public static byte[] propertyEntry(Key key, String property, Value.Content value) {
    return new IndexEntryWriter(key).propertyEntry(property, value);
  }

  /**
   * The entity's key in an index entry.
   *
   * @param prefixLength length of {@link #kindPrefix} or {@link #propertyPrefix}
   */
  public static Key decodeKey(
      byte[] entry, int prefixLength, PartitionId partition, boolean isKindIndex) {
    int offset = pathOffset(entry, prefixLength, isKindIndex);
    return new Key(partition, KeyEncoding.readPathToEnd(new OrderedReader(entry, offset)));
  }

  /** The value in a property-index entry; timestamps come back as integers of microseconds. */
  public static Value.Content decodeValue(byte[] entry, int prefixLength) {
    return ValueEncoding.read(new OrderedReader(entry, prefixLength));
  }

  /** Where the entity's path begins in the entry: end of the value, or of the kind prefix. */
  public static int pathOffset(byte[] entry, int prefixLength, boolean isKindIndex) {
    if (isKindIndex) {
      return prefixLength;
    }
    OrderedReader reader = new OrderedReader(entry, prefixLength);
    ValueEncoding.skip(reader);
    return reader.position();
  }

  /**
   * The row key of an entry's entity, without decoding it.
   *
   * @param partitionPrefix as {@link KeyEncoding#partitionPrefix} makes it
   * @param pathOffset as {@link #pathOffset} finds it
   */
  public static byte[] entityKey(byte[] partitionPrefix, byte[] entry, int pathOffset) {
    int pathLength = entry.length - pathOffset;
    byte[] entityKey = new byte[partitionPrefix.length + pathLength];
    System.arraycopy(partitionPrefix, 0, entityKey, 0, partitionPrefix.length);
    System.arraycopy(entry, pathOffset, entityKey, partitionPrefix.length, pathLength);
    return entityKey;
  }

  private static OrderedWriter propertyWriter(PartitionId partition, String kind, String property) {
    OrderedWriter writer =
        IndexEntryWriter.kindPrefix(IndexEntryWriter.PROPERTY_INDEX, partition, kind);
    writer.putString(property);
    return writer;
  }
}
