package dev.kindstead.replication;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Command.ReadRange;
import dev.kindstead.storage.Space;
import java.util.ArrayList;

/** A prepared transaction inside an entry and, with a version before it, as a stored intent. */
final class PrepareEncoding {
  private static final int RANGE_OF_ENTITIES = 1;
  private static final int RANGE_OF_INDEX_ENTRIES = 2;

  private PrepareEncoding() {}

  static void write(EntryWriter to, Prepare prepare) {
    to.writeBytes(prepare.transaction());
    to.writeVarint(prepare.coordinatorSlot()).writeVarint(prepare.prepareTime());
    ChangeEncoding.write(to, prepare.changes());
    to.writeVarint(prepare.readKeys().size());
    prepare.readKeys().forEach(to::writeBytes);
    to.writeVarint(prepare.readRanges().size());
    for (ReadRange range : prepare.readRanges()) {
      boolean entities = range.space() == Space.CURRENT;
      to.writeByte(entities ? RANGE_OF_ENTITIES : RANGE_OF_INDEX_ENTRIES);
      to.writeBytes(range.from()).writeBytes(range.until());
    }
  }

  static Prepare read(EntryReader from) {
    var transaction = from.readBytes();
    int coordinatorSlot = from.readInt();
    long prepareTime = from.readVarint();
    var changes = ChangeEncoding.read(from);
    int keys = from.readCount();
    var readKeys = new ArrayList<Bytes>(keys);
    for (int i = 0; i < keys; i++) {
      readKeys.add(from.readBytes());
    }
    int ranges = from.readCount();
    var readRanges = new ArrayList<ReadRange>(ranges);
    for (int i = 0; i < ranges; i++) {
      int space = from.readByte();
      if (space != RANGE_OF_ENTITIES && space != RANGE_OF_INDEX_ENTRIES) {
        throw from.corrupt("has the unknown space " + space);
      }
      readRanges.add(
          new ReadRange(
              space == RANGE_OF_ENTITIES ? Space.CURRENT : Space.INDEX,
              from.readByteArray(),
              from.readByteArray()));
    }
    return new Prepare(transaction, coordinatorSlot, prepareTime, changes, readKeys, readRanges);
  }
}
