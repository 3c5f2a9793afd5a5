package dev.kindstead.encoding;

import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.Value;

/**
 * Entries of composite indexes as bytes: partition, kind, the index's number, for an index with
 * ancestors the path of one of them, then an {@link EntrySuffix}. Layout:
 * docs/formats/index-entries.md.
 */
public final class CompositeKeyEncoding {
  /** Project, database, namespace and kind. */
  private static final int NAMES_BEFORE_INDEX = 4;

  private CompositeKeyEncoding() {}

  /** What all entries of all composite indexes of a database start with; a namespace follows. */
  public static byte[] beforeNamespace(DatabaseId database) {
    return IndexNames.before(IndexEntryWriter.COMPOSITE_INDEX, database);
  }

  /** Whether an entry, or where a range of entries begins, is of a composite index. */
  public static boolean isComposite(byte[] entry) {
    return entry.length > 0 && entry[0] == IndexEntryWriter.COMPOSITE_INDEX;
  }

  /** The number of the index that an entry, or where a range of one index begins, is of. */
  public static long index(byte[] entry) {
    OrderedReader reader = new OrderedReader(entry, 1);
    for (int name = 0; name < NAMES_BEFORE_INDEX; name++) {
      reader.skipBytes();
    }
    return reader.readLong();
  }

  /** What every entry of the index in this partition starts with. */
  public static byte[] prefix(PartitionId partition, String kind, long index) {
    OrderedWriter writer =
        IndexEntryWriter.kindPrefix(IndexEntryWriter.COMPOSITE_INDEX, partition, kind);
    writer.putLong(index);
    return writer.toByteArray();
  }

  /**
   * What every entry starts with whose entity is {@code ancestor} or below it.
   *
   * @param prefix as {@link #prefix} makes it
   * @param ancestor as {@link #path} makes it
   */
  public static byte[] ancestorPrefix(byte[] prefix, byte[] ancestor) {
    OrderedWriter writer = new OrderedWriter(prefix.length + ancestor.length + 1);
    writer.putEncoded(prefix);
    writer.putEncoded(ancestor);
    writer.putByte(OrderedWriter.END);
    return writer.toByteArray();
  }

  /** The component of an {@link EntrySuffix} for a value that is neither an entity nor an array. */
  public static byte[] value(Value.Content value) {
    OrderedWriter writer = new OrderedWriter(32);
    ValueEncoding.put(writer, value);
    return writer.toByteArray();
  }

  /** The component of an {@link EntrySuffix} for a complete key. */
  public static byte[] path(Key key) {
    OrderedWriter writer = new OrderedWriter(64);
    KeyEncoding.putPath(writer, key.path());
    return writer.toByteArray();
  }
}
