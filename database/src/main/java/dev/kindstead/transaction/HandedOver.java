package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.replication.Command.ReadRange;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.EntryWriter;
import dev.kindstead.replication.RangeEncoding;
import dev.kindstead.replication.SettingsEncoding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the next home of an open transaction must know to go on with it. Locks are taken anew by
 * what was read; a commit is validated whatever they say. Immutable. Bytes:
 * docs/formats/transaction-space.md.
 *
 * @param open how long it has been open
 * @param snapshot microseconds, zero before the first read
 */
record HandedOver(
    TransactionId id,
    DatabaseId database,
    ConcurrencyMode mode,
    Duration open,
    long snapshot,
    SortedMap<Integer, ReadPart> reads) {
  /** All that one home hands over; further transactions are lost. */
  static final int BYTES_MAX = 8 << 20;

  private static final int VERSION = 1;

  /** As many as fit. */
  static byte[] encode(List<HandedOver> all) {
    var body = new EntryWriter(1_024);
    int count = 0;
    for (HandedOver each : all) {
      var one = new EntryWriter(256);
      each.write(one);
      if (body.size() + one.size() > BYTES_MAX) {
        break;
      }
      body.writeRaw(one.toBytes());
      count++;
    }
    return new EntryWriter(body.size() + 8)
        .writeByte(VERSION)
        .writeVarint(count)
        .writeRaw(body.toBytes())
        .toBytes();
  }

  private void write(EntryWriter to) {
    to.writeBytes(id.bytes());
    SettingsEncoding.writeDatabase(to, database).writeByte(SettingsEncoding.modeNumber(mode));
    to.writeVarint(open.toMillis()).writeVarint(snapshot).writeVarint(reads.size());
    reads.forEach((shard, part) -> {
      to.writeVarint(shard).writeVarint(part.keys().size());
      part.keys().forEach((key, version) -> to.writeBytes(key).writeVarint(version));
      RangeEncoding.write(to, part.ranges());
    });
  }

  /** Throws CorruptBytesException when the bytes are none of a known version. */
  static List<HandedOver> decode(byte[] bytes) {
    var from = new EntryReader(bytes, "transactions that were handed over");
    int version = from.readByte();
    if (version != VERSION) {
      throw from.corrupt("have the unknown version " + version);
    }
    int count = from.readCount();
    var all = new ArrayList<HandedOver>(count);
    for (int i = 0; i < count; i++) {
      all.add(read(from));
    }
    return all;
  }

  private static HandedOver read(EntryReader from) {
    var id = new TransactionId(from.readBytes());
    var database = SettingsEncoding.readDatabase(from);
    var mode = SettingsEncoding.mode(from, from.readByte());
    Duration open = Duration.ofMillis(from.readVarint());
    long snapshot = from.readVarint();
    var reads = new TreeMap<Integer, ReadPart>();
    int shards = from.readCount();
    for (int i = 0; i < shards; i++) {
      int shard = from.readInt();
      Map<Bytes, Long> keys = new TreeMap<>();
      int size = from.readCount();
      for (int key = 0; key < size; key++) {
        keys.put(from.readBytes(), from.readVarint());
      }
      List<ReadRange> ranges = RangeEncoding.read(from);
      reads.put(shard, new ReadPart(snapshot, keys, ranges));
    }
    return new HandedOver(id, database, mode, open, snapshot, reads);
  }
}
