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
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes entities whose time has come, by the indexes of expiry. An entity that is written while
 * it is being looked at is left to a later round, as is one that can't be deleted now. In a cluster
 * the node that serves does it. Thread-safe; the work is done on the injected executor, one round
 * at a time.
 */
public final class Expiry implements AutoCloseable {
  /** From the end of a round to the next: an entity goes within a minute. */
  public static final Duration PERIOD = Duration.ofSeconds(15);

  /** Entities deleted by one commit. */
  static final int PAGE = 100;

  /** Entities deleted in one round at most, so that clients' commits have their turn. */
  static final int ROUND_MAX = 20_000;

  /** A page that is refused is tried in so many parts, and each of those again. */
  private static final int PAGE_FRACTION = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

  /** What a round goes through, one after the other. */
  private record Part(IndexDefinition index, int shard) {}

  private final Transactions transactions;
  private final IndexLogs logs;
  private final EntryPages pages;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final Duration period;
  private final int roundMax;
  private final AtomicLong deleted = new AtomicLong();

  /** Behind which entry the next round goes on. Of one round at a time, as the next. */
  private final Map<Part, Bytes> places = new HashMap<>();

  private int first;
  private volatile boolean closed;

  /**
   * @param executor whose threads may wait for the disk and for the log
   */
  public Expiry(
      Transactions transactions, Clock clock, Timers timers, Executor executor, Duration period) {
    this(transactions, clock, timers, executor, period, ROUND_MAX);
  }

  /**
   * @param roundMax entities looked at in one round
   */
  public Expiry(
      Transactions transactions,
      Clock clock,
      Timers timers,
      Executor executor,
      Duration period,
      int roundMax) {
    this.transactions = transactions;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
    this.period = period;
    this.roundMax = roundMax;
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

  /** Each round begins with another part, so that none takes the whole of every round. */
  private void deleteExpired(List<IndexDefinition> indexes, long now) {
    List<Part> parts = new ArrayList<>();
    for (IndexDefinition index : indexes) {
      for (int shard = 0; shard < logs.shards(); shard++) {
        parts.add(new Part(index, shard));
      }
    }
    places.keySet().retainAll(Set.copyOf(parts));
    int left = roundMax;
    int begin = first % parts.size();
    for (int i = 0; i < parts.size() && left > 0 && goesOn(); i++) {
      int at = (begin + i) % parts.size();
      left -= deleteExpired(parts.get(at), now, left);
      first = at + 1;
    }
  }

  private boolean goesOn() {
    return !closed && transactions.isServing();
  }

  /**
   * Goes on where the last round ended in this part, until its end, or a page that was refused: the
   * commits of such a one have waited long enough.
   *
   * @return how many entities were looked at
   */
  private int deleteExpired(Part part, long now, int most) {
    int seen = 0;
    try {
      boolean deletes = true;
      while (deletes && seen < most && goesOn()) {
        Bytes last = places.getOrDefault(part, Bytes.EMPTY);
        var page = pages.expired(part.shard, part.index, now, last, Math.min(PAGE, most - seen));
        deletes = delete(part, now, page.entities());
        seen += page.entities().size();
        if (page.isLast()) {
          places.remove(part);
          return seen;
        }
        places.put(part, page.last());
      }
    } catch (RuntimeException busy) {
      Postponed.log(LOG, "entities whose time has come are deleted later on a shard", busy);
    }
    return seen;
  }

  /**
   * Deletes all it can; false when some were refused.
   *
   * @throws RuntimeException when nothing can be deleted on the shard now
   */
  private boolean delete(Part part, long now, List<Bytes> rows) {
    if (rows.isEmpty()) {
      return true;
    }
    try {
      deleteTogether(part, now, rows);
      return true;
    } catch (RuntimeException refused) {
      if (!mayBeOfOne(refused)) {
        throw refused;
      }
      if (rows.size() == 1) {
        String which =
            "%s is deleted later".formatted(KeyEncoding.decodeEntityKey(rows.getFirst().array()));
        Postponed.log(LOG, which, refused);
        return false;
      }
    }
    int some = Math.max(1, rows.size() / PAGE_FRACTION);
    for (int at = 0; at < rows.size() && goesOn(); at += some) {
      delete(part, now, rows.subList(at, Math.min(at + some, rows.size())));
    }
    return false;
  }

  /** Locked by a transaction, too large, or nobody knows: others may well be deleted. */
  private static boolean mayBeOfOne(RuntimeException failure) {
    return !(Waiting.causeOf(failure) instanceof DatastoreException known)
        || known.code() == Code.ABORTED
        || known.code() == Code.INVALID_ARGUMENT;
  }

  private void deleteTogether(Part part, long now, List<Bytes> rows) {
    IndexDefinition index = part.index;
    int shard = part.shard;
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
