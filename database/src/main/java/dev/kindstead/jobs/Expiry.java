package dev.kindstead.jobs;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.environment.Waiting;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.Purpose;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Value;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import dev.kindstead.transaction.IndexLogs;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.Transactions;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes entities whose time has come, by the indexes of expiry. An entity that is written while
 * it is being looked at is left to the next round. In a cluster the node that serves does it.
 * Thread-safe; the work is done on the injected executor, one round at a time.
 */
public final class Expiry implements AutoCloseable {
  /** From the end of a round to the next: an entity goes within a minute. */
  public static final Duration PERIOD = Duration.ofSeconds(15);

  /** Entities deleted by one commit. */
  static final int PAGE = 100;

  /** Entities deleted in one round at most, so that clients' commits have their turn. */
  static final int ROUND_MAX = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

  private final Transactions transactions;
  private final IndexLogs logs;
  private final EntryPages pages;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final Duration period;
  private final AtomicLong deleted = new AtomicLong();
  private volatile boolean closed;

  /**
   * @param executor whose threads may wait for the disk and for the log
   */
  public Expiry(
      Transactions transactions, Clock clock, Timers timers, Executor executor, Duration period) {
    this.transactions = transactions;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
    this.period = period;
    logs = transactions.indexes();
    pages = new EntryPages(transactions, Waiting.BLOCKING);
  }

  public void start() {
    timers.schedule(
        period,
        () -> {
          if (!closed) {
            executor.execute(this::round);
          }
        });
  }

  public void register(MeterRegistry registry) {
    FunctionCounter.builder("kindstead.expired.entities", deleted, AtomicLong::get)
        .description("Entities deleted since the start because their time had come")
        .register(registry);
  }

  /** Entities deleted since the start. */
  public long deleted() {
    return deleted.get();
  }

  private void round() {
    try {
      if (!transactions.isServing()) {
        return;
      }
      List<IndexDefinition> indexes =
          logs.all().stream()
              .filter(each -> each.state() == IndexState.READY)
              .map(IndexRecord::definition)
              .filter(each -> each.purpose() == Purpose.EXPIRY)
              .toList();
      if (!indexes.isEmpty()) {
        deleteExpired(indexes, now());
      }
    } catch (RuntimeException busy) {
      Postponed.log(LOG, "entities whose time has come are deleted later", busy);
    } finally {
      if (!closed) {
        start();
      }
    }
  }

  /**
   * Not after the oracle's time, which a jump of the wall clock moves little, for what is deleted
   * is gone; nor after the wall clock's, if that was set back.
   */
  private long now() {
    return Math.min(logs.newTimestamp().join(), clock.wallMicros());
  }

  private void deleteExpired(List<IndexDefinition> indexes, long now) {
    int left = ROUND_MAX;
    for (IndexDefinition index : indexes) {
      left = deleteExpired(index, now, left);
    }
  }

  /** Returns how many entities the round may still delete. */
  private int deleteExpired(IndexDefinition index, long now, int most) {
    int left = most;
    for (int shard = 0; shard < logs.shards(); shard++) {
      Bytes last = Bytes.EMPTY;
      boolean isLast = false;
      while (!isLast && left > 0 && !closed) {
        var page = pages.expired(shard, index, now, last, Math.min(PAGE, left));
        delete(shard, index, now, page.entities());
        left -= page.entities().size();
        last = page.last();
        isLast = page.isLast();
      }
    }
    return left;
  }

  private void delete(int shard, IndexDefinition index, long now, List<Bytes> rows) {
    List<Mutation> mutations = new ArrayList<>(rows.size());
    try (ReadSession session =
        transactions
            .readShards(index.database(), new ReadMode.Strong(), new int[] {shard})
            .join()) {
      for (Bytes row : rows) {
        EntityRow entity = session.shard(shard).entity(row.array());
        if (entity != null && isExpired(entity, index, now)) {
          mutations.add(
              new Mutation(
                  Mutation.Operation.DELETE,
                  KeyEncoding.decodeEntityKey(row.array()),
                  null,
                  new Mutation.BaseVersion(entity.updateTime()),
                  Mutation.Resolution.SERVER_VALUE,
                  null,
                  List.of()));
        }
      }
    }
    if (!mutations.isEmpty()) {
      CommitResult result =
          transactions.commit(new CommitRequest(index.database(), null, false, mutations)).join();
      deleted.addAndGet(result.results().stream().filter(each -> !each.conflictDetected()).count());
    }
  }

  private static boolean isExpired(EntityRow row, IndexDefinition index, long now) {
    Value value =
        EntityEncoding.decode(row.entity()).properties().get(index.properties().getFirst().name());
    return value != null
        && value.content() instanceof Value.TimestampValue(long micros)
        && micros <= now;
  }

  /** The round ends after the commit on its way. */
  @Override
  public void close() {
    closed = true;
  }
}
