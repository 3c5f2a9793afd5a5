package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.replication.Command.ReadRange;
import dev.kindstead.replication.RangeEncoding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a read-write transaction has read, by shard, for validation at commit. Thread-safe. */
final class ReadSet {
  /** Keys and ranges of one transaction. */
  static final int READS_MAX = 200_000;

  /** Bytes of their encoded keys and bounds. */
  static final long BYTES_MAX = 16 << 20;

  private record OfShard(Map<Bytes, Long> keys, List<ReadRange> ranges) {}

  private final TreeMap<Integer, OfShard> shards = new TreeMap<>();
  private int size;
  private long bytes;
  private boolean sealed;

  synchronized void noteKey(int shard, Bytes key, long version) {
    Map<Bytes, Long> keys = ofShard(shard).keys();
    if (!keys.containsKey(key)) {
      count(key.size());
      keys.put(key, version);
    }
  }

  synchronized void noteRange(int shard, ReadRange range) {
    List<ReadRange> ranges = ofShard(shard).ranges();
    count(RangeEncoding.expectedBytes(range));
    ranges.add(range);
  }

  synchronized SortedSet<Integer> shards() {
    return new TreeSet<>(shards.keySet());
  }

  synchronized ReadPart part(int shard, long snapshot) {
    OfShard reads = shards.get(shard);
    return reads == null
        ? ReadPart.NOTHING
        : new ReadPart(snapshot, copy(reads.keys()), List.copyOf(reads.ranges()));
  }

  /** Not {@code Map.copyOf}, which takes quadratic time where hash codes lie close together. */
  private static Map<Bytes, Long> copy(Map<Bytes, Long> keys) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(keys));
  }

  /**
   * What was read, by shard, without the snapshot; whoever reads on fails as if this node did not
   * serve, for nobody would validate it.
   */
  synchronized SortedMap<Integer, ReadPart> seal() {
    sealed = true;
    SortedMap<Integer, ReadPart> parts = new TreeMap<>();
    shards.keySet().forEach(shard -> parts.put(shard, part(shard, 0)));
    return parts;
  }

  /** Takes over what another home noted. */
  synchronized void restore(SortedMap<Integer, ReadPart> parts) {
    parts.forEach((shard, part) -> {
      part.keys().forEach((key, version) -> noteKey(shard, key, version));
      part.ranges().forEach(range -> noteRange(shard, range));
    });
  }

  private OfShard ofShard(int shard) {
    if (sealed) {
      throw TransactionErrors.notLed();
    }
    return shards.computeIfAbsent(
        shard, _ -> new OfShard(new LinkedHashMap<>(), new ArrayList<>()));
  }

  /** Before it is noted: what is refused must not be handed over to another home. */
  private void count(long more) {
    if (size >= READS_MAX) {
      throw DatastoreException.invalidArgument(
          "a transaction may read at most " + READS_MAX + " entities and ranges");
    }
    if (bytes + more > BYTES_MAX) {
      throw DatastoreException.invalidArgument(
          "a transaction may read keys and ranges of at most " + BYTES_MAX + " bytes");
    }
    size++;
    bytes += more;
  }
}
