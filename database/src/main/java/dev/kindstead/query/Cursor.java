package dev.kindstead.query;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.model.DatastoreException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The gap after a result, in the order in which the result was read. It names the result's place,
 * not its number, so writes before or behind it, restarts and other limits leave it valid. Bytes:
 * docs/formats/cursors.md. Immutable.
 *
 * @param position of the result before the gap; null for the gap before all results
 * @param reversed whether it was made by the same query in the opposite order, where the result
 *     lies behind the gap
 */
record Cursor(@Nullable Position position, boolean reversed) {
  static final Cursor START = new Cursor(null, false);

  private static final byte FORMAT = 1;
  private static final byte DESCENDING = 1;
  private static final int HEAD_BYTES = 1 + 1 + Long.BYTES + 1;
  private static final int COMPONENT_BYTES_MAX = 1 << 16;

  /** Whether a result at this place comes after the cursor. */
  boolean isBefore(Position result, Ordering ordering) {
    if (position == null) {
      return true;
    }
    int compared = ordering.compare(position, result);
    return compared < 0 || (compared == 0 && reversed);
  }

  byte[] encode(Rows rows) {
    return new Writer(rows).encode(position);
  }

  /** Writes cursors of one query, for which what they share is worked out once. Immutable. */
  static final class Writer {
    private final long shape;
    private final byte direction;

    Writer(Rows rows) {
      shape = shape(rows);
      direction = rows.ordering().first().descending() ? DESCENDING : 0;
    }

    /** The cursor after a position, null for the start. */
    byte[] encode(@Nullable Position position) {
      int count = position == null ? 0 : position.components().length;
      int size = HEAD_BYTES + 4 * count + (position == null ? 0 : position.size());
      ByteBuffer buffer = ByteBuffer.allocate(size + Integer.BYTES);
      buffer.put(FORMAT).put(direction).putLong(shape).put((byte) count);
      if (position != null) {
        for (byte[] component : position.components()) {
          buffer.putInt(component.length).put(component);
        }
      }
      return buffer.putInt(checksum(buffer.array(), size)).array();
    }
  }

  /** INVALID_ARGUMENT for what is no cursor, or a cursor of a query with another order. */
  static Cursor decode(byte[] bytes, Rows rows) {
    int size = bytes.length - Integer.BYTES;
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (size < HEAD_BYTES
        || buffer.getInt(size) != checksum(bytes, size)
        || buffer.get() != FORMAT) {
      throw DatastoreException.invalidArgument("cursor is invalid");
    }
    boolean descending = buffer.get() == DESCENDING;
    if (buffer.getLong() != shape(rows)) {
      throw DatastoreException.invalidArgument("cursor does not match query");
    }
    int count = buffer.get();
    if (count == 0) {
      return START;
    }
    if (count != rows.ordering().size()) {
      throw DatastoreException.invalidArgument("cursor does not match query");
    }
    byte[][] components = new byte[count][];
    try {
      for (int i = 0; i < count; i++) {
        int length = buffer.getInt();
        if (length < 0 || length > COMPONENT_BYTES_MAX || length > buffer.remaining()) {
          throw DatastoreException.invalidArgument("cursor is invalid");
        }
        components[i] = new byte[length];
        buffer.get(components[i]);
      }
    } catch (BufferUnderflowException tooShort) {
      throw DatastoreException.invalidArgument("cursor is invalid");
    }
    if (buffer.position() != size || !areWhole(components, rows.ordering())) {
      throw DatastoreException.invalidArgument("cursor is invalid");
    }
    return new Cursor(new Position(components), descending != rows.ordering().first().descending());
  }

  /**
   * Whether all but paths are one value each and nothing behind it: others would compare otherwise
   * one by one than joined, as they are where a scan begins.
   */
  private static boolean areWhole(byte[][] components, Ordering ordering) {
    try {
      for (int i = 0; i < components.length; i++) {
        boolean isPath = ordering.orders().get(i).property().equals(Query.KEY);
        if (!isPath
            && IndexKeyEncoding.pathOffset(components[i], 0, false) != components[i].length) {
          return false;
        }
      }
      return true;
    } catch (CorruptBytesException e) {
      return false;
    }
  }

  /** Partition, kind and order, whichever way round; neither filter nor limit nor offset. */
  private static long shape(Rows rows) {
    Query query = rows.query();
    String shape =
        String.join(
            "\0",
            query.partition().project(),
            query.partition().database(),
            query.partition().namespace(),
            query.kind() == null ? "" : query.kind(),
            rows.ordering().shape());
    return Hashing.xxh3_64().hashBytesToLong(shape.getBytes(StandardCharsets.UTF_8));
  }

  private static int checksum(byte[] bytes, int size) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, size);
    return (int) crc.getValue();
  }
}
