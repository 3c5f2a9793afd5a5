package dev.kindstead.simulation;

import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.transaction.IndexLogs;
import dev.kindstead.transaction.ShardWiring;
import dev.kindstead.transaction.TransactionSettings;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A node: the real code over stores and logs that survive its crashes as far as they were flushed.
 * Confined to the scheduler's thread.
 */
final class SimulatedNode {
  private static final Duration CHECKPOINT_PAUSE_MAX = Duration.ofSeconds(2);

  private final WorldOptions options;
  private final ShardMap shardMap;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final Consumer<String> report;
  private final Consumer<String> probe;
  private final List<MemoryStore> stores = new ArrayList<>();
  private final List<ModelGroup> groups = new ArrayList<>();
  private List<ModelLog> logs = List.of();
  private boolean nasty;
  private int boot;
  private @Nullable Transactions serving;

  SimulatedNode(
      WorldOptions options,
      ShardMap shardMap,
      Scheduler scheduler,
      RandomGenerator random,
      Consumer<String> report,
      Consumer<String> probe) {
    this.options = options;
    this.shardMap = shardMap;
    this.scheduler = scheduler;
    this.random = random;
    this.report = report;
    this.probe = probe;
    nasty = options.nastyLog();
    for (int i = 0; i <= options.shards(); i++) {
      stores.add(MemoryStore.withCrashes());
      groups.add(new ModelGroup());
    }
  }

  /** The door of the running node; null while it is down or starting. */
  @Nullable Transactions transactions() {
    return serving;
  }

  void start() {
    int thisBoot = ++boot;
    logs = new ArrayList<>();
    var wirings = new ArrayList<ShardWiring>();
    for (int i = 0; i <= options.shards(); i++) {
      MemoryStore store = stores.get(i);
      var log = new ModelLog(groups.get(i), scheduler, random, store::flush, nasty);
      logs.add(log);
      wirings.add(new ShardWiring(log, new VersionedStore(store), new BootExecutor(thisBoot)));
    }
    var transactions =
        new Transactions(
            shardMap,
            wirings.subList(0, options.shards()),
            wirings.getLast(),
            scheduler,
            new BootTimers(thisBoot),
            random,
            Network.NONE,
            TransactionSettings.defaults(Bytes.of(new byte[32])).withDefaultMode(options.mode()));
    transactions
        .start()
        .thenCompose(started -> maintained(transactions))
        .whenComplete((started, failure) -> {
          if (failure != null) {
            report.accept("the node did not start: " + failure);
          } else if (thisBoot == boot) {
            serving = transactions;
            scheduleCheckpoint(thisBoot);
          }
        });
  }

  /** Every shard maintains a composite index before the first entity is written. */
  private CompletableFuture<Void> maintained(Transactions transactions) {
    var shards = new ArrayList<CompletableFuture<Void>>();
    for (int shard = 0; shard < options.shards(); shard++) {
      if (transactions.indexes().ofShard(shard).isEmpty()) {
        shards.add(maintained(transactions.indexes(), shard));
      }
    }
    return CompletableFuture.allOf(shards.toArray(CompletableFuture<?>[]::new));
  }

  /** Again and again: the log may refuse for a while. */
  private CompletableFuture<Void> maintained(IndexLogs indexes, int shard) {
    return indexes
        .putOnShard(shard, Lists.INDEX)
        .exceptionallyCompose(refused -> {
          var again = new CompletableFuture<Void>();
          scheduler.schedule(
              Duration.ofMillis(50),
              () ->
                  maintained(indexes, shard).whenComplete((done, failure) -> again.complete(done)));
          return again;
        });
  }

  /** The process dies; stores lose a suffix of what was not flushed. */
  void crash() {
    boot++;
    serving = null;
    logs.forEach(ModelLog::crash);
    stores.forEach(store -> store.crash(random));
  }

  /** From now on logs only delay. */
  void healLogs() {
    nasty = false;
    logs.forEach(ModelLog::heal);
  }

  private void scheduleCheckpoint(int ofBoot) {
    scheduler.schedule(
        Duration.ofNanos(random.nextLong(CHECKPOINT_PAUSE_MAX.toNanos())),
        () -> {
          if (ofBoot == boot) {
            logs.get(random.nextInt(logs.size()))
                .requestCheckpoint(() -> probe.accept("checkpoint"));
            scheduleCheckpoint(ofBoot);
          }
        });
  }

  /** A shard's thread: tasks run in order, each as an event of its own, until the process dies. */
  private final class BootExecutor implements Executor {
    private final int ofBoot;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    BootExecutor(int ofBoot) {
      this.ofBoot = ofBoot;
    }

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
      scheduler.soon(() -> {
        Runnable first = tasks.poll();
        if (first != null && ofBoot == boot) {
          first.run();
        }
      });
    }
  }

  /** Timers that die with the process. */
  private final class BootTimers implements Timers {
    private final int ofBoot;

    BootTimers(int ofBoot) {
      this.ofBoot = ofBoot;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      return scheduler.schedule(
          delay,
          () -> {
            if (ofBoot == boot) {
              task.run();
            }
          });
    }
  }
}
