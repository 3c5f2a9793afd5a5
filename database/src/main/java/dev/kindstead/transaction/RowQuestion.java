package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.ReadRange;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.EntryWriter;
import dev.kindstead.replication.RangeEncoding;
import dev.kindstead.storage.RowRange;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node without a replica of a shard asks the shard's leader. Each question is answered by
 * itself: the leader keeps nothing between two pages. Layout: docs/formats/node-messages.md.
 */
sealed interface RowQuestion {
  int VERSION = 1;

  /**
   * Entities at a time at or below which nothing commits on them any more.
   *
   * @param term that the leader must have at the least
   */
  record Fetch(long micros, long term, List<Bytes> keys) implements RowQuestion {}

  /**
   * Entities at a time that a reader has passed.
   *
   * @param logIndex that the leader must have applied
   */
  record LookUp(long micros, long logIndex, List<Bytes> keys) implements RowQuestion {}

  /** A page of a scan at such a time. */
  record Scan(long micros, long logIndex, RowRange range, int rowsMax) implements RowQuestion {}

  /** See {@link dev.kindstead.storage.Snapshot#changedSince}. */
  record Changed(long micros, long logIndex, long since, byte[] from, byte[] until)
      implements RowQuestion {}

  /** What indexes the shard's commits maintain. */
  record Indexes() implements RowQuestion {}

  /** Whether the node that asks has a replica of the shard. */
  record Member() implements RowQuestion {}

  default byte[] encode(int shard) {
    var to = new EntryWriter(128).writeByte(VERSION).writeVarint(shard);
    switch (this) {
      case Fetch(var micros, var term, var keys) ->
          write(to.writeByte(1).writeVarint(micros).writeVarint(term), keys);
      case LookUp(var micros, var logIndex, var keys) ->
          write(to.writeByte(2).writeVarint(micros).writeVarint(logIndex), keys);
      case Scan(var micros, var logIndex, var range, var rowsMax) -> {
        to.writeByte(3).writeVarint(micros).writeVarint(logIndex);
        var walked = new ReadRange(range.space(), range.from(), range.until());
        RangeEncoding.write(to, List.of(walked));
        to.writeByte(range.reverse() ? 1 : 0).writeVarint(rowsMax);
      }
      case Changed(var micros, var logIndex, var since, var from, var until) ->
          to.writeByte(4)
              .writeVarint(micros)
              .writeVarint(logIndex)
              .writeVarint(since)
              .writeBytes(from)
              .writeBytes(until);
      case Indexes() -> to.writeByte(5);
      case Member() -> to.writeByte(6);
    }
    return to.toBytes();
  }

  private static void write(EntryWriter to, List<Bytes> keys) {
    to.writeVarint(keys.size());
    keys.forEach(to::writeBytes);
  }

  /** A question and the shard it is about. */
  record About(int shard, RowQuestion question) {}

  /** Throws CorruptBytesException when the bytes are none of a known version. */
  static About decode(byte[] bytes) {
    var from = new EntryReader(bytes, "question about rows");
    int version = from.readByte();
    if (version != VERSION) {
      throw from.corrupt("has the unknown version " + version);
    }
    int shard = from.readInt();
    int tag = from.readByte();
    return new About(
        shard,
        switch (tag) {
          case 1 -> new Fetch(from.readVarint(), from.readVarint(), readKeys(from));
          case 2 -> new LookUp(from.readVarint(), from.readVarint(), readKeys(from));
          case 3 -> new Scan(from.readVarint(), from.readVarint(), readRange(from), from.readInt());
          case 4 ->
              new Changed(
                  from.readVarint(),
                  from.readVarint(),
                  from.readVarint(),
                  from.readByteArray(),
                  from.readByteArray());
          case 5 -> new Indexes();
          case 6 -> new Member();
          default -> throw from.corrupt("has the unknown tag " + tag);
        });
  }

  private static RowRange readRange(EntryReader from) {
    List<ReadRange> ranges = RangeEncoding.read(from);
    if (ranges.size() != 1) {
      throw from.corrupt("has " + ranges.size() + " ranges instead of one");
    }
    ReadRange walked = ranges.getFirst();
    return new RowRange(walked.space(), walked.from(), walked.until(), from.readByte() == 1);
  }

  private static List<Bytes> readKeys(EntryReader from) {
    int count = from.readCount();
    var keys = new ArrayList<Bytes>(count);
    for (int i = 0; i < count; i++) {
      keys.add(from.readBytes());
    }
    return keys;
  }
}
