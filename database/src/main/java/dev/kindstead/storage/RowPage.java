package dev.kindstead.storage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a snapshot as bytes, for another node to read: {@link DistantSnapshot}. Immutable;
 * the arrays are shared, not to be written to.
 *
 * @param keys in the order of the scan
 * @param rows as the store holds them, one for each key
 * @param isLast whether the scan has no more
 */
public record RowPage(List<byte[]> keys, List<byte[]> rows, boolean isLast) {
  /** Rows of one page; whoever asks for more gets these. */
  public static final int ROWS_MAX = 2_000;

  /** Bytes after which a page ends, whatever was asked for. */
  private static final int BYTES_MAX = 1 << 20;

  /** The same of entities that are looked up: what is read together may be over it. */
  private static final long LOOK_UP_BYTES_MAX = 4 << 20;

  /** Entities that are read together; of the largest, these are few enough for one message. */
  private static final int LOOK_UP_ROWS = 16;

  private static final byte[] ABSENT = {};

  public RowPage {
    keys = List.copyOf(keys);
    rows = List.copyOf(rows);
  }

  /** The first rows of a range; waits for the disk. */
  public static RowPage scan(Snapshot snapshot, RowRange range, int rowsMax) {
    var page = new Filling(Math.min(rowsMax, ROWS_MAX));
    switch (range.space()) {
      case CURRENT -> {
        try (var scan = snapshot.entities(range.from(), range.until(), range.reverse())) {
          for (; scan.isValid() && page.hasRoom(); scan.next()) {
            page.add(scan.key(), Rows.encode(scan.row()));
          }
          return page.done(!scan.isValid());
        }
      }
      case INDEX -> {
        try (var scan = snapshot.indexEntries(range.from(), range.until(), range.reverse())) {
          for (; scan.isValid() && page.hasRoom(); scan.next()) {
            page.add(
                scan.key(), Rows.encodeIndexEntry(scan.slot(), scan.multiValued(), scan.from()));
          }
          return page.done(!scan.isValid());
        }
      }
      default -> throw new IllegalArgumentException("no snapshot scans " + range.space());
    }
  }

  /**
   * Rows of entities in the order of their keys, with no bytes for one that is absent: of the first
   * ones, at least one, when all are too much for one answer.
   */
  public static List<byte[]> lookUp(Snapshot snapshot, List<byte[]> entityKeys) {
    var rows = new ArrayList<byte[]>();
    long bytes = 0;
    while (rows.size() < entityKeys.size() && bytes < LOOK_UP_BYTES_MAX) {
      int end = Math.min(rows.size() + LOOK_UP_ROWS, entityKeys.size());
      for (EntityRow row : snapshot.entities(entityKeys.subList(rows.size(), end))) {
        byte[] encoded = row == null ? ABSENT : Rows.encode(row);
        rows.add(encoded);
        bytes += encoded.length;
      }
    }
    return rows;
  }

  /** What {@link #lookUp} made of a row. */
  static @Nullable EntityRow row(byte[] bytes) {
    return bytes.length == 0 ? null : Rows.decode(bytes);
  }

  private static final class Filling {
    private final int rowsMax;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> rows = new ArrayList<>();
    private long bytes;

    Filling(int rowsMax) {
      this.rowsMax = rowsMax;
    }

    boolean hasRoom() {
      return keys.size() < rowsMax && bytes < BYTES_MAX;
    }

    void add(byte[] key, byte[] row) {
      keys.add(key);
      rows.add(row);
      bytes += key.length + row.length;
    }

    RowPage done(boolean isLast) {
      return new RowPage(keys, rows, isLast);
    }
  }
}
