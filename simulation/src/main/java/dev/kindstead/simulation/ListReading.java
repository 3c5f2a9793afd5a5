package dev.kindstead.simulation;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.storage.Space;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A read as a node does it: the session is opened, and read a little later. Immutable.
 *
 * @param objects whose lists are read
 * @param scans whether all shards are scanned for them instead
 * @param backwards the direction of the scan
 * @param readAfter how much later the session is read
 */
record ListReading(
    ShardMap map,
    ReadMode mode,
    List<String> objects,
    boolean scans,
    boolean backwards,
    Duration readAfter)
    implements Door.Work<ListReading.Answer> {

  /**
   * What was read.
   *
   * @param time microseconds
   * @param lists by object
   * @param versions by object, zero for one that is not there
   * @param begun the transaction that the read began
   */
  record Answer(
      long time,
      Map<String, List<Integer>> lists,
      Map<String, Long> versions,
      @Nullable TransactionId begun) {}

  @Override
  public CompletableFuture<Answer> at(Transactions node, Boot process) {
    List<Key> keys = objects.stream().map(Lists::key).toList();
    CompletableFuture<ReadSession> opened =
        scans
            ? node.readShards(Lists.DATABASE, mode, allShards())
            : node.readKeys(Lists.DATABASE, mode, keys);
    return opened.thenCompose(session -> {
      if (readAfter.isZero()) {
        return process.reading(() -> read(session, keys));
      }
      var read = new CompletableFuture<Answer>();
      process.schedule(
          readAfter,
          () -> {
            try {
              process
                  .reading(() -> read(session, keys))
                  .whenComplete((answer, failure) -> {
                    if (failure == null) {
                      read.complete(answer);
                    } else {
                      read.completeExceptionally(failure);
                    }
                  });
            } catch (RuntimeException failure) {
              read.completeExceptionally(failure);
            }
          });
      return read;
    });
  }

  private int[] allShards() {
    return IntStream.range(0, map.shards()).toArray();
  }

  private Answer read(ReadSession session, List<Key> keys) {
    try (session) {
      Map<String, List<Integer>> lists = new TreeMap<>();
      Map<String, Long> versions = new TreeMap<>();
      if (scans) {
        scan(session, lists, versions);
      } else {
        keys.forEach(key -> readKey(session, key, lists, versions));
      }
      return new Answer(session.readTime(), lists, versions, session.takeNewTransaction());
    }
  }

  private void readKey(
      ReadSession session, Key key, Map<String, List<Integer>> lists, Map<String, Long> versions) {
    int shard = Lists.shardOf(map, key);
    byte[] entityKey = KeyEncoding.entityKey(key);
    EntityRow row = session.shard(shard).entity(entityKey);
    long version = row == null ? 0 : row.updateTime();
    session.noteKey(shard, entityKey, version);
    String name = key.last().name();
    if (name != null) {
      lists.put(name, Lists.elements(row));
      versions.put(name, version);
    }
  }

  private void scan(
      ReadSession session, Map<String, List<Integer>> lists, Map<String, Long> versions) {
    for (String object : objects) {
      lists.put(object, List.of());
      versions.put(object, 0L);
    }
    byte[] from = KeyEncoding.partitionPrefix(Lists.PARTITION);
    byte[] until = ByteOrder.afterPrefix(from);
    for (int shard : allShards()) {
      session.noteRange(shard, Space.CURRENT, from, until);
      try (Snapshot.EntityScan scan = session.shard(shard).entities(from, until, backwards)) {
        for (; scan.isValid(); scan.next()) {
          Entity entity = EntityEncoding.decode(scan.row().entity());
          if (Lists.isOne(entity)) {
            lists.put(Lists.object(entity), Lists.elements(entity));
            versions.put(Lists.object(entity), scan.row().updateTime());
          }
        }
      }
    }
  }
}
