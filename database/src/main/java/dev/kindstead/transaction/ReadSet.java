package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.replication.Command.ReadRange;
import java.util.ArrayList;
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

  private record OfShard(Map<Bytes, Long> keys, List<ReadRange> ranges) {}

  private final TreeMap<Integer, OfShard> shards = new TreeMap<>();
  private int size;
  private boolean sealed;

  synchronized void noteKey(int shard, Bytes key, long version) {
    if (ofShard(shard).keys().putIfAbsent(key, version) == null) {
      count();
    }
  }

  synchronized void noteRange(int shard, ReadRange range) {
    ofShard(shard).ranges().add(range);
    count();
  }

  synchronized SortedSet<Integer> shards() {
    return new TreeSet<>(shards.keySet());
  }

  synchronized ReadPart part(int shard, long snapshot) {
    OfShard reads = shards.get(shard);
    return reads == null
        ? ReadPart.NOTHING
        : new ReadPart(snapshot, Map.copyOf(reads.keys()), List.copyOf(reads.ranges()));
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

  private void count() {
    if (++size > READS_MAX) {
      throw DatastoreException.invalidArgument(
          "a transaction may read at most " + READS_MAX + " entities and ranges");
    }
  }
}
