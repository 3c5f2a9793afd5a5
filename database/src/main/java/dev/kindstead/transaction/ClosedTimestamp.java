package dev.kindstead.transaction;

import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.EntryWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A timestamp at or below which nothing commits any more that is not in the logs up to these
 * indexes (rule 13): a replica that has applied them reads at it what the leader would. It stays
 * true for ever. Immutable. Bytes: docs/formats/closed-timestamps.md.
 *
 * @param micros the timestamp
 * @param system log index of the system group, which names the indexes of databases
 * @param shards log index of each shard
 */
record ClosedTimestamp(long micros, long system, List<Long> shards) {
  private static final int VERSION = 1;

  ClosedTimestamp {
    shards = List.copyOf(shards);
  }

  byte[] encode() {
    var to = new EntryWriter(64).writeByte(VERSION).writeVarint(micros).writeVarint(system);
    to.writeVarint(shards.size());
    shards.forEach(to::writeVarint);
    return to.toBytes();
  }

  /** Throws CorruptBytesException when the bytes are none of a known version. */
  static ClosedTimestamp decode(byte[] bytes) {
    var from = new EntryReader(bytes, "closed timestamp");
    int version = from.readByte();
    if (version != VERSION) {
      throw from.corrupt("has the unknown version " + version);
    }
    long micros = from.readVarint();
    long system = from.readVarint();
    int count = from.readCount();
    var shards = new ArrayList<Long>(count);
    for (int i = 0; i < count; i++) {
      shards.add(from.readVarint());
    }
    return new ClosedTimestamp(micros, system, shards);
  }
}
