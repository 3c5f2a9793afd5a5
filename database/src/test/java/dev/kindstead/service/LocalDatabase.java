package dev.kindstead.service;

import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.SystemTimers;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.replication.LocalLog;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import dev.kindstead.transaction.OtherNodes;
import dev.kindstead.transaction.ShardWiring;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.TransactionSettings;
import dev.kindstead.transaction.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Real transactions over stores in memory and local logs. */
final class LocalDatabase implements AutoCloseable {
  static final PartitionId PARTITION = new PartitionId("p", "", "");
  static final DatabaseId DATABASE = PARTITION.databaseId();

  final ShardMap map;
  final Transactions transactions;
  final ExecutorService pool = Executors.newFixedThreadPool(2);
  private final List<ExecutorService> threads = new ArrayList<>();
  private final SystemTimers timers = new SystemTimers();

  LocalDatabase(int shards, ConcurrencyMode mode) {
    map = new ShardMap(shards);
    List<ShardWiring> wirings = new ArrayList<>();
    for (int i = 0; i <= shards; i++) {
      ExecutorService thread = Executors.newSingleThreadExecutor();
      threads.add(thread);
      wirings.add(
          new ShardWiring(new LocalLog(thread), new VersionedStore(new MemoryStore()), thread));
    }
    transactions =
        new Transactions(
            map,
            wirings.subList(0, shards),
            wirings.get(shards),
            new SystemClock(),
            timers,
            Runnable::run,
            new SplittableRandom(1),
            OtherNodes.NONE,
            TransactionSettings.defaults(Bytes.of(new byte[] {1})).withDefaultMode(mode));
    transactions.start().join();
  }

  static Key key(long id) {
    return new Key(PARTITION, List.of(PathElement.ofId("K", id)));
  }

  static Mutation put(long id, Map<String, Value> properties) {
    return Mutation.plain(Mutation.Operation.UPSERT, key(id), new Entity(key(id), properties));
  }

  static Mutation delete(long id) {
    return Mutation.plain(Mutation.Operation.DELETE, key(id), null);
  }

  CompletableFuture<CommitResult> commit(
      @Nullable TransactionId transaction, Mutation... mutations) {
    return transactions.commit(
        new CommitRequest(DATABASE, transaction, transaction != null, List.of(mutations)));
  }

  @Override
  public void close() {
    transactions.close();
    threads.forEach(ExecutorService::shutdownNow);
    pool.shutdownNow();
    timers.close();
  }
}
