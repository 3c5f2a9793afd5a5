package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.ReadRange;
import java.util.List;
import java.util.Map;

/**
 * What a transaction read on one shard.
 *
 * @param snapshot the timestamp it was read at, microseconds
 * @param keys the version of each entity read, zero when it was absent
 */
record ReadPart(long snapshot, Map<Bytes, Long> keys, List<ReadRange> ranges) {
  static final ReadPart NOTHING = new ReadPart(0, Map.of(), List.of());

  boolean isEmpty() {
    return keys.isEmpty() && ranges.isEmpty();
  }
}
