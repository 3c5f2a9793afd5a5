package dev.kindstead.replication;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.Prepare;
import java.util.ArrayList;

/** A prepared transaction inside an entry and, with a version before it, as a stored intent. */
final class PrepareEncoding {
  private static final int OVERHEAD_BYTES = 256;

  /** Before the bytes of a key: their number. */
  private static final int LENGTH_BYTES = 3;

  private PrepareEncoding() {}

  static void write(EntryWriter to, Prepare prepare) {
    to.writeBytes(prepare.transaction());
    to.writeVarint(prepare.coordinatorSlot()).writeVarint(prepare.prepareTime());
    ChangeEncoding.write(to, prepare.changes());
    to.writeVarint(prepare.readKeys().size());
    prepare.readKeys().forEach(to::writeBytes);
    RangeEncoding.write(to, prepare.readRanges());
  }

  /** See {@link EntryEncoding#expectedBytes}. */
  static int expectedBytes(Prepare prepare) {
    long bytes = OVERHEAD_BYTES + ChangeEncoding.bytesOf(prepare.changes());
    for (Bytes key : prepare.readKeys()) {
      bytes += LENGTH_BYTES + key.size();
    }
    bytes += RangeEncoding.expectedBytes(prepare.readRanges());
    return Math.toIntExact(bytes);
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
    var readRanges = RangeEncoding.read(from);
    return new Prepare(transaction, coordinatorSlot, prepareTime, changes, readKeys, readRanges);
  }
}
