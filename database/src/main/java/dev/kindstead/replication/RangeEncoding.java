package dev.kindstead.replication;

import dev.kindstead.replication.Command.ReadRange;
import dev.kindstead.storage.Space;
import java.util.ArrayList;
import java.util.List;

/** Ranges that were read, as bytes. */
public final class RangeEncoding {
  private static final int RANGE_OF_ENTITIES = 1;
  private static final int RANGE_OF_INDEX_ENTRIES = 2;

  private static final int OVERHEAD_BYTES = 8;

  private RangeEncoding() {}

  public static void write(EntryWriter to, List<ReadRange> ranges) {
    to.writeVarint(ranges.size());
    for (ReadRange range : ranges) {
      boolean entities = range.space() == Space.CURRENT;
      to.writeByte(entities ? RANGE_OF_ENTITIES : RANGE_OF_INDEX_ENTRIES);
      to.writeBytes(range.from()).writeBytes(range.until());
    }
  }

  static long expectedBytes(List<ReadRange> ranges) {
    return ranges.stream().mapToLong(RangeEncoding::expectedBytes).sum();
  }

  /** How long a range's bytes are, roughly. */
  public static long expectedBytes(ReadRange range) {
    return OVERHEAD_BYTES + range.from().length + range.until().length;
  }

  public static List<ReadRange> read(EntryReader from) {
    int count = from.readCount();
    var ranges = new ArrayList<ReadRange>(count);
    for (int i = 0; i < count; i++) {
      int space = from.readByte();
      if (space != RANGE_OF_ENTITIES && space != RANGE_OF_INDEX_ENTRIES) {
        throw from.corrupt("has the unknown space " + space);
      }
      ranges.add(
          new ReadRange(
              space == RANGE_OF_ENTITIES ? Space.CURRENT : Space.INDEX,
              from.readByteArray(),
              from.readByteArray()));
    }
    return ranges;
  }
}
