package dev.kindstead.transaction;

import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Entry;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.EntryWriter;
import dev.kindstead.storage.RowPage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The bytes of what a {@link RowQuestion} is answered. Layout: docs/formats/node-messages.md. */
final class RowAnswers {
  private RowAnswers() {}

  /**
   * Entities, and how far the leader was.
   *
   * @param logIndex at which the leader reads at the time what it ever will
   * @param isOutdated whether one of them has a later version already
   * @param rows in the order of the keys asked for, with no bytes for one that is absent
   */
  record Fetched(long logIndex, boolean isOutdated, List<byte[]> rows) {}

  static byte[] encode(Fetched fetched) {
    var to = new EntryWriter(expectedBytes(fetched.rows())).writeVarint(fetched.logIndex());
    to.writeByte(fetched.isOutdated() ? 1 : 0);
    return write(to, fetched.rows()).toBytes();
  }

  static Fetched readFetched(EntryReader from) {
    return new Fetched(from.readVarint(), from.readByte() == 1, readRows(from));
  }

  static byte[] encodeRows(List<byte[]> rows) {
    return write(new EntryWriter(expectedBytes(rows)), rows).toBytes();
  }

  static List<byte[]> readRows(EntryReader from) {
    int count = from.readCount();
    var rows = new ArrayList<byte[]>(count);
    for (int i = 0; i < count; i++) {
      rows.add(from.readByteArray());
    }
    return rows;
  }

  static byte[] encode(RowPage page) {
    var to = new EntryWriter(expectedBytes(page.keys()) + expectedBytes(page.rows()));
    to.writeByte(page.isLast() ? 1 : 0);
    return write(write(to, page.keys()), page.rows()).toBytes();
  }

  static RowPage readPage(EntryReader from) {
    boolean isLast = from.readByte() == 1;
    List<byte[]> keys = readRows(from);
    List<byte[]> rows = readRows(from);
    if (keys.size() != rows.size() || (keys.isEmpty() && !isLast)) {
      throw from.corrupt("has " + keys.size() + " keys for " + rows.size() + " rows");
    }
    return new RowPage(keys, rows, isLast);
  }

  /**
   * @param changed empty when that is not known any more
   */
  static byte[] encodeChanged(Optional<Set<Bytes>> changed) {
    List<byte[]> keys = changed.stream().flatMap(Collection::stream).map(Bytes::array).toList();
    var to = new EntryWriter(expectedBytes(keys)).writeByte(changed.isPresent() ? 1 : 0);
    return write(to, keys).toBytes();
  }

  static Optional<Set<Bytes>> readChanged(EntryReader from) {
    boolean isKnown = from.readByte() == 1;
    var keys = new LinkedHashSet<Bytes>();
    readRows(from).forEach(key -> keys.add(Bytes.of(key)));
    return isKnown ? Optional.of(keys) : Optional.empty();
  }

  static byte[] encodeMember(boolean isMember) {
    return new byte[] {(byte) (isMember ? 1 : 0)};
  }

  static boolean readMember(EntryReader from) {
    return from.readByte() != 0;
  }

  /** As the commands that would put them. */
  static byte[] encodeIndexes(List<IndexRecord> indexes) {
    List<Command> commands = indexes.stream().<Command>map(Command.PutIndex::new).toList();
    byte[] entry = EntryEncoding.encode(new Entry(0, 0, commands));
    return new EntryWriter(entry.length + 4).writeBytes(entry).toBytes();
  }

  static List<IndexRecord> readIndexes(EntryReader from) {
    var indexes = new ArrayList<IndexRecord>();
    for (Command command : EntryEncoding.decode(from.readByteArray()).commands()) {
      if (!(command instanceof Command.PutIndex(var index))) {
        throw from.corrupt("names something else than an index");
      }
      indexes.add(index);
    }
    return indexes;
  }

  private static EntryWriter write(EntryWriter to, List<byte[]> all) {
    to.writeVarint(all.size());
    all.forEach(to::writeBytes);
    return to;
  }

  private static int expectedBytes(List<byte[]> all) {
    return 16 + all.stream().mapToInt(each -> each.length + 3).sum();
  }
}
