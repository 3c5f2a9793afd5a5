package dev.kindstead.encoding;

import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.Value;

/**
 * Makes the index entries of one entity, encoding what they share once. Confined to one thread.
 * Layout: docs/formats/index-entries.md.
 */
public final class IndexEntryWriter {
  // First byte of every entry: which index, and the version of its format. 0x30 and up are free
  // for composite indexes.
  static final byte KIND_INDEX = 0x10;
  static final byte PROPERTY_INDEX = 0x20;

  private static final int EXPECTED_BYTES = 192;

  private final OrderedWriter writer;
  private final byte[] path;
  private final int kindPrefixLength;

  public IndexEntryWriter(Key key) {
    OrderedWriter pathWriter = new OrderedWriter(64);
    KeyEncoding.putPath(pathWriter, key.path());
    path = pathWriter.toByteArray();
    writer = kindPrefix(PROPERTY_INDEX, key.partition(), key.kind());
    kindPrefixLength = writer.size();
  }

  /** The entity's entry in the kind index. */
  public byte[] kindEntry() {
    writer.truncate(kindPrefixLength);
    writer.putEncoded(path);
    byte[] entry = writer.toByteArray();
    entry[0] = KIND_INDEX;
    return entry;
  }

  /**
   * The entity's entry for one value of a property.
   *
   * @param property dotted for a property of a nested entity
   * @param value neither an entity nor an array
   */
  public byte[] propertyEntry(String property, Value.Content value) {
    writer.truncate(kindPrefixLength);
    writer.putString(property);
    ValueEncoding.put(writer, value);
    writer.putEncoded(path);
    return writer.toByteArray();
  }

  static OrderedWriter kindPrefix(byte index, PartitionId partition, String kind) {
    OrderedWriter writer = new OrderedWriter(EXPECTED_BYTES);
    writer.putByte(index);
    KeyEncoding.putPartition(writer, partition);
    writer.putString(kind);
    return writer;
  }
}
