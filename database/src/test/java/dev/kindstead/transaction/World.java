package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.Slots;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Network.Handler;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.VersionedStore;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * One node with four shards, on one thread: tasks run when a test lets them, time passes when it
 * says so. Written so that a test reads as a short story.
 */
final class World implements Clock, Timers {
  static final DatabaseId DATABASE = new DatabaseId("p", "");
  static final PartitionId PARTITION = new PartitionId("p", "", "");
  static final int SHARDS = 4;

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private int interruptedIn;
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private final ManualLog.Disk[] disks = new ManualLog.Disk[SHARDS + 1];
  private final ManualLog[] logs = new ManualLog[SHARDS + 1];
  private final StoreBehind[] stores = new StoreBehind[SHARDS + 1];
  private TransactionSettings settings =
      TransactionSettings.defaults(Bytes.of(new byte[] {1, 2, 3}))
          .withDefaultMode(ConcurrencyMode.OPTIMISTIC);
  private long nanos;
  private long wallOffsetMicros = 1_800_000_000_000_000L;
  private long timersMade;
  private int incarnation;
  private boolean behind;
  private Transactions transactions;

  /** It reaches nobody; what this node serves a test can ask. */
  private final Map<Network.Service, Network.Handler> services =
      new EnumMap<>(Network.Service.class);

  private final Network network =
      new Network() {
        @Override
        public CompletableFuture<byte[]> call(
            String nodeId, Service service, byte[] request, Duration timeout) {
          return CompletableFuture.failedFuture(new NotDelivered("there is nobody"));
        }

        @Override
        public void serve(Service service, Handler handler) {
          services.put(service, handler);
        }
      };

  private record Due(long atNanos, long number, Runnable task) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return atNanos != other.atNanos
          ? Long.compare(atNanos, other.atNanos)
          : Long.compare(number, other.number);
    }
  }

  World() {
    this(ConcurrencyMode.OPTIMISTIC);
  }

  World(ConcurrencyMode mode) {
    this(mode, Duration.ofHours(1));
  }

  World(ConcurrencyMode mode, Duration retention) {
    settings = settings.withDefaultMode(mode).withRetention(retention);
    for (int i = 0; i <= SHARDS; i++) {
      disks[i] = new ManualLog.Disk();
    }
    start();
  }

  private void start() {
    var shards = new ArrayList<ShardWiring>();
    int life = ++incarnation;
    for (int i = 0; i <= SHARDS; i++) {
      logs[i] = new ManualLog(disks[i], task -> submit(life, task));
      stores[i] = new StoreBehind(() -> behind);
      shards.add(
          new ShardWiring(logs[i], new VersionedStore(stores[i]), task -> submit(life, task)));
    }
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(life);
    transactions =
        new Transactions(
            new ShardMap(SHARDS),
            shards.subList(0, SHARDS),
            shards.get(SHARDS),
            this,
            this,
            Runnable::run,
            random,
            OtherNodes.by(network),
            settings);
    var started = transactions.start();
    run();
    started.join();
  }

  private void submit(int life, Runnable task) {
    tasks.add(() -> {
      if (life == incarnation) {
        task.run();
      }
    });
  }

  /** Everything in memory is gone; the stores are rebuilt from the logs. */
  World restart() {
    for (ManualLog log : logs) {
      log.crash(0);
    }
    tasks.clear();
    due.clear();
    start();
    return this;
  }

  Transactions transactions() {
    return transactions;
  }

  /** Asks this node's oracle as another node would. */
  CompletableFuture<byte[]> askOracle(TimestampMessages.Request request) {
    return Objects.requireNonNull(services.get(Network.Service.TIMESTAMPS))
        .handle("n2", TimestampMessages.encode(request));
  }

  /** Latches, locks and parts that are held on any shard. */
  int heldLatches() {
    return transactions.held();
  }

  /** See {@link dev.kindstead.storage.OrderedStore#isBehind}, of all stores. */
  void setBehind(boolean isBehind) {
    behind = isBehind;
  }

  ManualLog log(int shard) {
    return logs[shard];
  }

  StoreBehind store(int shard) {
    return stores[shard];
  }

  ManualLog systemLog() {
    return logs[SHARDS];
  }

  @Override
  public long wallMicros() {
    if (interruptedIn > 0 && --interruptedIn == 0) {
      run();
    }
    return wallOffsetMicros + nanos / 1_000;
  }

  /**
   * At so many readings of the wall clock from now, all tasks run: a client's thread stands still
   * there meanwhile.
   */
  void interruptIn(int readings) {
    interruptedIn = readings;
  }

  @Override
  public long monotonicNanos() {
    return nanos;
  }

  void setWallClockBack(Duration by) {
    wallOffsetMicros -= by.toNanos() / 1_000;
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    int life = incarnation;
    var entry =
        new Due(
            nanos + delay.toNanos(),
            timersMade++,
            () -> {
              if (life == incarnation) {
                task.run();
              }
            });
    due.add(entry);
    return () -> due.remove(entry);
  }

  /** Runs all that can run without time passing. */
  World run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      nanos += 1_000;
    }
    return this;
  }

  /** Runs one task; false when there is none. */
  boolean step() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    nanos += 1_000;
    return true;
  }

  World pass(Duration time) {
    run();
    long until = nanos + time.toNanos();
    while (!due.isEmpty() && due.peek().atNanos() <= until) {
      Due next = due.poll();
      nanos = Math.max(nanos, next.atNanos());
      next.task().run();
      run();
    }
    nanos = Math.max(nanos, until);
    return this;
  }

  static Key key(String name) {
    return new Key(PARTITION, List.of(PathElement.ofName("K", name)));
  }

  static Key child(String root, String name) {
    return new Key(
        PARTITION, List.of(PathElement.ofName("K", root), PathElement.ofName("C", name)));
  }

  static int shardOf(Key key) {
    return new ShardMap(SHARDS).shardOf(Slots.slotOf(KeyEncoding.entityGroupKey(key)));
  }

  /** The n-th key whose entity group lives on the shard. */
  static Key keyOn(int shard, int n) {
    int found = 0;
    for (int i = 0; ; i++) {
      Key key = key("k" + i);
      if (shardOf(key) == shard && found++ == n) {
        return key;
      }
    }
  }

  static Entity entity(Key key, long value) {
    return new Entity(key, Map.of("v", Value.of(new Value.IntegerValue(value))));
  }

  static Mutation upsert(Key key, long value) {
    return mutation(Mutation.Operation.UPSERT, key, entity(key, value));
  }

  static Mutation insert(Key key, long value) {
    return mutation(Mutation.Operation.INSERT, key, entity(key, value));
  }

  static Mutation insertEmpty(Key key) {
    return mutation(Mutation.Operation.INSERT, key, new Entity(key, Map.of()));
  }

  static Mutation delete(Key key) {
    return mutation(Mutation.Operation.DELETE, key, null);
  }

  private static Mutation mutation(Mutation.Operation operation, Key key, @Nullable Entity entity) {
    return Mutation.plain(operation, key, entity);
  }

  CompletableFuture<CommitResult> startPut(Mutation... mutations) {
    return transactions.commit(new CommitRequest(DATABASE, null, false, List.of(mutations)));
  }

  /** So many puts of other keys that one more fills an entry, which goes beside another one. */
  void startCompany(int shard) {
    startCompany(shard, 100);
  }

  /** The same with keys of its own. */
  void startCompany(int shard, int from) {
    for (int i = 1; i < EntryPace.ENTRY_STEPS_FULL; i++) {
      var unused = startPut(upsert(keyOn(shard, from + i), 1));
    }
  }

  CommitResult put(Mutation... mutations) {
    return await(startPut(mutations));
  }

  TransactionId begin() {
    return await(transactions.begin(DATABASE, new TransactionOptions.ReadWrite(null)));
  }

  TransactionId beginAfter(TransactionId previous) {
    return await(transactions.begin(DATABASE, new TransactionOptions.ReadWrite(previous)));
  }

  TransactionId beginReadOnly() {
    return await(transactions.begin(DATABASE, new TransactionOptions.ReadOnly(null)));
  }

  CompletableFuture<CommitResult> startCommit(TransactionId id, Mutation... mutations) {
    return transactions.commit(new CommitRequest(DATABASE, id, true, List.of(mutations)));
  }

  CommitResult commit(TransactionId id, Mutation... mutations) {
    return await(startCommit(id, mutations));
  }

  /** The value at a key now, null when there is none. */
  @Nullable Long get(Key key) {
    return await(startGet(new ReadMode.Strong(), key));
  }

  @Nullable Long get(TransactionId id, Key key) {
    return await(startGet(new ReadMode.InTransaction(id), key));
  }

  @Nullable Long getAt(long micros, Key key) {
    return await(startGet(new ReadMode.AtTime(micros), key));
  }

  CompletableFuture<@Nullable Long> startGet(ReadMode mode, Key key) {
    return transactions
        .readKeys(DATABASE, mode, List.of(key))
        .thenApply(session -> {
          try (session) {
            return read(session, key);
          }
        });
  }

  static @Nullable Long read(ReadSession session, Key key) {
    byte[] row = KeyEncoding.entityKey(key);
    EntityRow found = session.shard(shardOf(key)).entity(row);
    session.noteKey(shardOf(key), row, found == null ? 0 : found.updateTime());
    return found == null ? null : valueOf(found);
  }

  private static long valueOf(EntityRow row) {
    Value value = EntityEncoding.decode(row.entity()).properties().get("v");
    return value != null && value.content() instanceof Value.IntegerValue(long number)
        ? number
        : -1;
  }

  /** Counts the entities of the partition, as a query of a transaction would. */
  int count(ReadMode mode, int... shards) {
    ReadSession session = await(transactions.readShards(DATABASE, mode, shards));
    int count = 0;
    byte[] from = KeyEncoding.partitionPrefix(PARTITION);
    byte[] until = dev.kindstead.encoding.ByteOrder.afterPrefix(from);
    try (session) {
      for (int shard : shards) {
        session.noteRange(shard, Space.CURRENT, from, until);
        try (var scan = session.shard(shard).entities(from, until, false)) {
          for (; scan.isValid(); scan.next()) {
            count++;
          }
        }
      }
    }
    return count;
  }

  /** The result, which needs no time to pass. */
  <T> T await(CompletableFuture<T> future) {
    run();
    assertThat(future).isDone();
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }

  /** The code a future failed with. */
  static Code codeOf(CompletableFuture<?> future) {
    assertThat(future).isCompletedExceptionally();
    Throwable failure = future.exceptionNow();
    if (failure instanceof CompletionException wrapped && wrapped.getCause() != null) {
      failure = wrapped.getCause();
    }
    if (failure instanceof DatastoreException known) {
      return known.code();
    }
    throw new AssertionError(failure);
  }
}
