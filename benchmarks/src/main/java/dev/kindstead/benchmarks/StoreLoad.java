package dev.kindstead.benchmarks;

import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.RocksResources;
import dev.kindstead.storage.RocksStore;
import dev.kindstead.storage.StorageSizes;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.storage.WriteSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Commits straight into the stores of four shards, one after the other: each writes an entity of a
 * KiB anew, and two of its index entries move. Values look as random as the benchmarks' blobs.
 */
final class StoreLoad implements AutoCloseable {
  private static final int SHARDS = 4;
  private static final int KEYS = 25_000;
  private static final int ENTITY_BYTES = 1_024;
  private static final int CATEGORIES = 200;
  private static final int RANKS = 1 << 20;

  /** Between commits of all shards: 3,000 a second. */
  private static final long STEP_MICROS = 330;

  private final int batch;
  private final Random random = new Random(7);
  private final RocksResources resources = new RocksResources(StorageSizes.DEFAULT);
  private final List<RocksStore> stores = new ArrayList<>();
  private final List<VersionedStore> versioned = new ArrayList<>();
  private final List<Map<Integer, List<byte[]>>> indexed = new ArrayList<>();
  private long time = 1_800_000_000_000_000L;
  private int turn;

  StoreLoad(Path directory, int batch) {
    this.batch = batch;
    for (int shard = 0; shard < SHARDS; shard++) {
      RocksStore store = RocksStore.open(directory.resolve("shard-" + shard), resources);
      stores.add(store);
      versioned.add(new VersionedStore(store));
      indexed.add(new HashMap<>());
    }
  }

  void preload() {
    for (int shard = 0; shard < SHARDS; shard++) {
      for (int from = 0; from < KEYS; from += batch) {
        List<Integer> ids = new ArrayList<>();
        for (int id = from; id < Math.min(KEYS, from + batch); id++) {
          ids.add(id);
        }
        write(shard, ids);
      }
    }
  }

  /** So many commits, in writes of a batch to one shard after the other. */
  void commit(int commits) {
    for (int done = 0; done < commits; ) {
      var ids = new HashSet<Integer>();
      while (ids.size() < Math.min(batch, commits - done)) {
        ids.add(random.nextInt(KEYS));
      }
      write(turn++ % SHARDS, List.copyOf(ids));
      done += ids.size();
    }
  }

  private void write(int shard, List<Integer> ids) {
    VersionedStore store = versioned.get(shard);
    var writes = new WriteSet();
    Map<Long, List<Change>> staged = new LinkedHashMap<>();
    for (int id : ids) {
      time += STEP_MICROS;
      List<Change> changes = changes(shard, id);
      store.stage(writes, time, changes);
      staged.put(time, changes);
    }
    stores.get(shard).write(writes);
    staged.forEach(store::applied);
  }

  private List<Change> changes(int shard, int id) {
    byte[] key = bytes("benchmark/Kind/name-%08d".formatted(id * 48_271L % 100_000_000L));
    byte[] entity = new byte[ENTITY_BYTES];
    random.nextBytes(entity);
    List<Change> changes = new ArrayList<>();
    changes.add(new Change.PutEntity(key, new EntityRow(entity, shard, time, time)));
    List<byte[]> after =
        List.of(entry("category", random.nextInt(CATEGORIES), key), entry("rank", rank(), key));
    List<byte[]> before = indexed.get(shard).put(id, after);
    if (before != null) {
      before.forEach(entry ->
          changes.add(new Change.DeleteIndexEntry(entry, versioned.get(shard).indexEntry(entry))));
    }
    after.forEach(entry -> changes.add(new Change.PutIndexEntry(entry, shard, false)));
    return changes;
  }

  private int rank() {
    return random.nextInt(RANKS);
  }

  private static byte[] entry(String property, int value, byte[] key) {
    byte[] prefix = bytes("benchmark/Kind/" + property);
    return ByteBuffer.allocate(prefix.length + Integer.BYTES + key.length)
        .put(prefix)
        .putInt(value)
        .put(key)
        .array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    stores.forEach(RocksStore::close);
    resources.close();
  }
}
