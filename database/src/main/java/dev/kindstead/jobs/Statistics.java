package dev.kindstead.jobs;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.StatisticsKinds;
import dev.kindstead.model.Value;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the entities of {@link StatisticsKinds} fresh. A round counts the shards that have changed
 * since they were counted, page by page with rests between, and writes a database's statistics when
 * they came out different, all with one timestamp. A database that nobody writes to costs nothing.
 * In a cluster the node that serves counts.
 *
 * <p>Thread rule: {@link #start} and {@link #close} from any thread; the work is done on the
 * injected executor, one step at a time.
 */
public final class Statistics implements AutoCloseable {
  /** From the end of a round to the next. */
  public static final Duration PERIOD = Duration.ofSeconds(10);

  /** Rests are so many times as long as the steps between them: 5 % of a core at most. */
  static final int REST_FACTOR = 19;

  /** Entities of statistics written by one commit. */
  static final int COMMIT_MAX = 100;

  /** Rest after the writing, for each entity written: 50 a second at most. */
  static final Duration REST_PER_WRITE = Duration.ofMillis(20);

  private static final Logger LOG = LoggerFactory.getLogger(Statistics.class);

  private final Transactions transactions;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final Duration period;
  private final Map<Integer, ShardStatistics> shards = new HashMap<>();
  private final Map<DatabaseId, Map<Key, Map<String, Value>>> written = new HashMap<>();
  private volatile boolean closed;

  /**
   * @param executor whose threads may wait for the disk and for the log
   */
  public Statistics(
      Transactions transactions, Clock clock, Timers timers, Executor executor, Duration period) {
    this.transactions = transactions;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
    this.period = period;
  }

  public void start() {
    later(period, this::beginRound);
  }

  private void later(Duration delay, Runnable step) {
    timers.schedule(
        delay,
        () -> {
          if (!closed) {
            executor.execute(() -> guarded(step));
          }
        });
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException busy) {
      if (!closed) {
        Postponed.log(LOG, "statistics are counted later", busy);
        start();
      }
    }
  }

  private void beginRound() {
    if (transactions.isServing()) {
      countFrom(0, null);
    } else {
      written.clear(); // another node writes them now
      start();
    }
  }

  /**
   * One step of a round.
   *
   * @param counting what is counted of the shard so far, null for nothing
   */
  private void countFrom(int first, @Nullable ShardStatistics counting) {
    List<IndexDefinition> indexes = readyIndexes();
    int shard = first;
    ShardStatistics current = counting;
    while (current == null && shard < transactions.indexes().shards()) {
      ShardStatistics before = shards.get(shard);
      if (before == null || !before.isUpToDate(transactions, indexes)) {
        current = new ShardStatistics(transactions, shard, indexes);
      } else {
        shard++;
      }
    }
    if (current == null) {
      endRound();
      return;
    }
    long began = clock.monotonicNanos();
    current.countPage(transactions);
    long busy = clock.monotonicNanos() - began;
    int next = shard;
    @Nullable ShardStatistics goesOn = current;
    if (current.isDone()) {
      shards.put(shard, current);
      next = shard + 1;
      goesOn = null;
    }
    int at = next;
    @Nullable ShardStatistics on = goesOn;
    later(Duration.ofNanos(REST_FACTOR * busy), () -> countFrom(at, on));
  }

  private List<IndexDefinition> readyIndexes() {
    return transactions.indexes().all().stream()
        .filter(each -> each.state() == IndexState.READY)
        .map(IndexRecord::definition)
        .toList();
  }

  private void endRound() {
    Map<DatabaseId, DatabaseStatistics> databases = new HashMap<>();
    Map<DatabaseId, Set<Key>> published = new HashMap<>();
    for (ShardStatistics each : shards.values()) {
      each.databases()
          .forEach((database, statistics) ->
              databases.computeIfAbsent(database, _ -> new DatabaseStatistics()).add(statistics));
      each.published()
          .forEach((database, keys) ->
              published.computeIfAbsent(database, _ -> new HashSet<>()).addAll(keys));
    }
    Set<DatabaseId> all = new HashSet<>(databases.keySet());
    all.addAll(published.keySet());
    int writes = 0;
    for (DatabaseId each : all) {
      writes +=
          publish(
              each,
              databases.getOrDefault(each, new DatabaseStatistics()),
              published.getOrDefault(each, Set.of()));
    }
    Duration rest = REST_PER_WRITE.multipliedBy(writes);
    later(rest.compareTo(period) > 0 ? rest : period, this::beginRound);
  }

  /** Returns how many entities had to be written. */
  private int publish(DatabaseId database, DatabaseStatistics statistics, Set<Key> published) {
    Map<Key, Map<String, Value>> entities =
        statistics.whole().isEmpty() ? Map.of() : StatisticsEntities.of(database, statistics);
    if (entities.equals(written.get(database)) && published.equals(entities.keySet())) {
      return 0;
    }
    Value timestamp = Value.of(new Value.TimestampValue(clock.wallMicros()));
    List<Mutation> mutations = new ArrayList<>();
    entities.forEach((key, properties) -> {
      Map<String, Value> all = new LinkedHashMap<>(properties);
      all.put(StatisticsEntities.TIMESTAMP, timestamp);
      mutations.add(mutation(Mutation.Operation.UPSERT, key, new Entity(key, all)));
    });
    for (Key each : published) {
      if (!entities.containsKey(each)) {
        mutations.add(mutation(Mutation.Operation.DELETE, each, null));
      }
    }
    for (int at = 0; at < mutations.size() && !closed; at += COMMIT_MAX) {
      List<Mutation> some = mutations.subList(at, Math.min(at + COMMIT_MAX, mutations.size()));
      transactions.commit(new CommitRequest(database, null, false, some)).join();
    }
    written.put(database, entities);
    return mutations.size();
  }

  private static Mutation mutation(Mutation.Operation operation, Key key, @Nullable Entity entity) {
    return Mutation.plain(operation, key, entity);
  }

  /** The round ends after the step on its way. */
  @Override
  public void close() {
    closed = true;
  }
}
