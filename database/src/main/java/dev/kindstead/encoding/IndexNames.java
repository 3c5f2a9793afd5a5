package dev.kindstead.encoding;

import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.PartitionId;
import java.util.Arrays;

/**
 * The names index entries begin with, read without the rest: namespaces, kinds, properties and
 * types of values. They let a reader seek from one name to the next instead of walking entries.
 * Layout: docs/formats/index-entries.md.
 */
public final class IndexNames {
  private IndexNames() {}

  /** What every kind entry of a database starts with; behind it comes the namespace. */
  public static byte[] beforeNamespace(DatabaseId database) {
    return before(IndexEntryWriter.KIND_INDEX, database);
  }

  /** What every property entry of a database starts with; behind it comes the namespace. */
  public static byte[] beforeNamespaceOfProperties(DatabaseId database) {
    return before(IndexEntryWriter.PROPERTY_INDEX, database);
  }

  static byte[] before(byte index, DatabaseId database) {
    OrderedWriter writer = new OrderedWriter(64);
    writer.putByte(index);
    writer.putString(database.project());
    writer.putString(database.database());
    return writer.toByteArray();
  }

  /** What every kind entry of a partition starts with; behind it comes the kind. */
  public static byte[] beforeKind(PartitionId partition) {
    return before(IndexEntryWriter.KIND_INDEX, partition);
  }

  /**
   * What every property entry of a partition starts with; behind it come kind, property and value.
   */
  public static byte[] beforeProperty(PartitionId partition) {
    return before(IndexEntryWriter.PROPERTY_INDEX, partition);
  }

  private static byte[] before(byte index, PartitionId partition) {
    OrderedWriter writer = new OrderedWriter(96);
    writer.putByte(index);
    KeyEncoding.putPartition(writer, partition);
    return writer.toByteArray();
  }

  /** Where the name that begins at {@code offset} ends, its end mark included. */
  public static int endOfName(byte[] entry, int offset) {
    OrderedReader reader = new OrderedReader(entry, offset);
    reader.skipBytes();
    return reader.position();
  }

  /** The name that begins at {@code offset}. */
  public static String name(byte[] entry, int offset) {
    return new OrderedReader(entry, offset).readString();
  }

  /** The type of the value that begins at {@code offset}, as metadata queries call it. */
  public static String representation(byte[] entry, int offset) {
    return ValueEncoding.representation(new OrderedReader(entry, offset).peekByte());
  }

  /** The least bytes behind all values whose type begins with the byte at {@code offset}. */
  public static byte[] afterType(byte[] entry, int offset) {
    return ByteOrder.afterPrefix(Arrays.copyOf(entry, offset + 1));
  }
}
