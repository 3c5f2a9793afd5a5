package dev.kindstead.replication;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Command.ReadRange;
import dev.kindstead.storage.Change;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A prepared transaction inside an entry and, with a version before it, as a stored intent. */
public final class PrepareEncoding {
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
    return expectedBytes(prepare.changes(), prepare.readKeys(), prepare.readRanges());
  }

  /** The same, of a command that is not made yet. */
  public static int expectedBytes(
      List<Change> changes, Collection<Bytes> readKeys, List<ReadRange> readRanges) {
    long bytes = OVERHEAD_BYTES + ChangeEncoding.bytesOf(changes);
    for (Bytes key : readKeys) {
      bytes += LENGTH_BYTES + key.size();
    }
    bytes += RangeEncoding.expectedBytes(readRanges);
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
