package dev.kindstead.encoding;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.Value;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the index entries of one entity, encoding what they share once. Confined to one thread.
 * Layout: docs/formats/index-entries.md.
 */
public final class IndexEntryWriter {
  // First byte of every entry: which index, and the version of its format.
  static final byte KIND_INDEX = 0x10;
  static final byte PROPERTY_INDEX = 0x20;
  static final byte COMPOSITE_INDEX = 0x30;

  /** The property name that the sample's entries stand under; no entity may have it. */
  public static final String SCATTER = "__scatter__";

  /** A power of two. */
  private static final int SCATTER_SHARE = 128;

  private static final Hasher64 XXH3_64 = Hashing.xxh3_64();

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

  /**
   * The entry that puts one entity in {@value #SCATTER_SHARE} into an even sample, null for the
   * others. Which ones depends on the key alone; golden vectors stand in
   * docs/formats/index-entries.md and never change.
   *
   * @param kindEntry as {@link #kindEntry} makes it
   */
  public byte @Nullable [] scatterEntry(byte[] kindEntry) {
    long hash = XXH3_64.hashBytesToLong(kindEntry);
    if ((hash & (SCATTER_SHARE - 1)) != 0) {
      return null;
    }
    byte[] place = new byte[Integer.BYTES];
    ByteBuffer.wrap(place).putInt((int) (hash >>> Integer.SIZE));
    return propertyEntry(SCATTER, new Value.BlobValue(Bytes.of(place)));
  }

  static OrderedWriter kindPrefix(byte index, PartitionId partition, String kind) {
    OrderedWriter writer = new OrderedWriter(EXPECTED_BYTES);
    writer.putByte(index);
    KeyEncoding.putPartition(writer, partition);
    writer.putString(kind);
    return writer;
  }
}
