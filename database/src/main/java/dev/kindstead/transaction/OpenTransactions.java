package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The transactions whose home is this node, until they end or their time is over.
 *
 * <p>Thread-safe.
 */
final class OpenTransactions {
  static final int OPEN_MAX = 100_000;

  /** Ended transactions whose end is remembered, for better answers; the log knows of commits. */
  static final int ENDED_REMEMBERED = 50_000;

  private static final Duration SWEEP_PERIOD = Duration.ofSeconds(1);

  private final TransactionIds ids;
  private final List<Participant> participants;
  private final List<Shard> shards;
  private final TimestampOracle oracle;
  private final Clock clock;
  private final Timers timers;
  private final TransactionSettings settings;
  private final Map<TransactionId, LiveTransaction> open = new ConcurrentHashMap<>();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private final Map<TransactionId, Ended> ended =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TransactionId, Ended> eldest) {
          return size() > ENDED_REMEMBERED;
        }
      };

  /**
   * What is remembered of a transaction that is over.
   *
   * @param refusal of its commit, for a reason that a retry does not mend; null when there is none
   * @param fingerprint of that commit's request
   */
  private record Ended(
      TransactionEnd how, @Nullable DatastoreException refusal, long fingerprint) {}

  OpenTransactions(
      TransactionIds ids,
      List<Participant> participants,
      List<Shard> shards,
      TimestampOracle oracle,
      Clock clock,
      Timers timers,
      TransactionSettings settings) {
    this.ids = ids;
    this.participants = participants;
    this.shards = shards;
    this.oracle = oracle;
    this.clock = clock;
    this.timers = timers;
    this.settings = settings;
  }

  /**
   * Begins a transaction.
   *
   * @param now microseconds
   * @param snapshot null to be set by the first read
   */
  LiveTransaction begin(
      DatabaseId database,
      ConcurrencyMode mode,
      TransactionOptions options,
      long now,
      @Nullable ReadTime snapshot) {
    if (open.size() >= OPEN_MAX) {
      throw TransactionErrors.tooManyTransactions();
    }
    boolean readOnly = options instanceof TransactionOptions.ReadOnly;
    TransactionId id = ids.mint(now, ageOf(options, now), readOnly);
    var live =
        new LiveTransaction(id, ids.read(id), database, mode, clock.monotonicNanos(), snapshot);
    open.put(id, live);
    scheduleSweep();
    return live;
  }

  private long ageOf(TransactionOptions options, long now) {
    if (options instanceof TransactionOptions.ReadWrite(TransactionId previous)
        && previous != null) {
      TransactionIds.Content content = ids.tryRead(previous);
      return content == null ? now : content.age();
    }
    return now;
  }

  /** Null when it is not open here. */
  @Nullable LiveTransaction find(TransactionId id) {
    LiveTransaction live = open.get(id);
    if (live != null) {
      live.use(clock.monotonicNanos());
    }
    return live;
  }

  /** The open transaction, for a read; otherwise the failure says what became of it. */
  LiveTransaction require(TransactionId id, DatabaseId database) {
    LiveTransaction live = find(id);
    if (live == null) {
      throw failureOf(id);
    }
    TransactionEnd end = live.end();
    if (end != null) {
      throw end.failure();
    }
    if (!live.database().equals(database)) {
      throw DatastoreException.invalidArgument("the transaction belongs to another database");
    }
    return live;
  }

  /** What a client hears that goes on with a transaction which is not open. */
  DatastoreException failureOf(TransactionId id) {
    TransactionEnd end = endOf(id);
    if (end != null) {
      return end.failure();
    }
    long begin = ids.read(id).begin();
    if (isOfLaterHome(begin)) {
      return TransactionErrors.notLed();
    }
    return isBeforeStart(begin) ? TransactionErrors.lost() : TransactionErrors.closed();
  }

  /** Whether it began at a home that came after this one, which need not have heard of that yet. */
  boolean isOfLaterHome(TransactionId id) {
    TransactionIds.Content content = ids.tryRead(id);
    return content != null && isOfLaterHome(content.begin());
  }

  /**
   * The same of one that is known to be this cluster's.
   *
   * @param begin microseconds
   */
  boolean isOfLaterHome(long begin) {
    return begin > oracle.last();
  }

  /**
   * Whether it began before this process, which then cannot know how it ended.
   *
   * @param begin microseconds
   */
  boolean isBeforeStart(long begin) {
    return begin <= oracle.startedAbove();
  }

  /** Null for one that is open or unknown, or was closed as its client wanted. */
  @Nullable TransactionEnd endOf(TransactionId id) {
    Ended known = knownOf(id);
    return known == null ? null : known.how;
  }

  /** What the same commit was answered before, null if it was not refused for good. */
  @Nullable DatastoreException refusalOf(TransactionId id, long fingerprint) {
    Ended known = knownOf(id);
    return known == null || known.fingerprint != fingerprint ? null : known.refusal;
  }

  private @Nullable Ended knownOf(TransactionId id) {
    synchronized (ended) {
      return ended.get(id);
    }
  }

  /** Ends a transaction unless it is committing; its locks go. */
  void end(LiveTransaction live, TransactionEnd reason) {
    if (live.end(reason)) {
      forget(live, reason);
      Runnable wake = live.takeWake();
      if (wake != null) {
        wake.run();
      }
    }
  }

  /** Forgets a transaction that is over, with its locks. */
  void forget(LiveTransaction live, TransactionEnd reason) {
    // What is taken for granted of one that nothing is known of.
    boolean isExpected =
        reason == TransactionEnd.CLOSED
            ? !isBeforeStart(live.begin())
            : reason == TransactionEnd.COMMITTED_EMPTY && live.isReadOnly();
    forget(live, reason, isExpected ? null : new Ended(reason, null, 0));
  }

  /** Forgets a transaction whose commit has failed, with its locks. */
  void forgetFailed(LiveTransaction live, Throwable failure) {
    TransactionEnd reason = TransactionEnd.after(failure);
    DatastoreException refusal =
        reason == TransactionEnd.CLOSED && failure instanceof DatastoreException known
            ? known
            : null;
    forget(live, reason, new Ended(reason, refusal, live.fingerprint()));
  }

  private void forget(LiveTransaction live, TransactionEnd reason, @Nullable Ended remembered) {
    live.end(reason);
    if (remembered == null) {
      open.remove(live.id(), live);
    } else {
      synchronized (ended) { // who does not find it open finds how it ended
        if (open.get(live.id()) == live) {
          ended.put(live.id(), remembered);
          open.remove(live.id());
        }
      }
    }
    for (LockOwner.HeldLock lock : live.takeLocks()) {
      participants.get(lock.shard()).locks().unlock(lock.key(), live);
    }
    live.guesthouses().forEach(shard -> shards.get(shard).end(live.id()));
  }

  /** The oldest snapshot that an open transaction reads at, Long.MAX_VALUE when there is none. */
  long oldestSnapshot() {
    long oldest = Long.MAX_VALUE;
    for (LiveTransaction live : open.values()) {
      long snapshot = live.snapshot();
      oldest = Math.min(oldest, snapshot == 0 ? Long.MAX_VALUE : snapshot);
    }
    return oldest;
  }

  int size() {
    return open.size();
  }

  /** Whether a commit is on its way. */
  boolean isCommitting() {
    return open.values().stream().anyMatch(live -> !live.isOpen());
  }

  /** Ends all that have not begun to commit here, for another home to go on with. */
  byte[] handOver() {
    long now = clock.monotonicNanos();
    var all = new ArrayList<HandedOver>();
    for (LiveTransaction live : open.values()) {
      if (live.endOpen(TransactionEnd.LOST)) {
        var reads = live.reads().seal();
        long snapshot = live.snapshot(); // none of the reads can have set it since
        all.add(
            new HandedOver(
                live.id(),
                live.database(),
                live.mode(),
                Duration.ofNanos(now - live.beganNanos()),
                snapshot,
                reads));
        forget(live, TransactionEnd.LOST);
      }
    }
    return HandedOver.encode(all);
  }

  /**
   * Goes on with what another home has handed over; nobody else has locks yet.
   *
   * @param reading how a time of the past is read now
   */
  void takeOver(byte[] handedOver, LongFunction<ReadTime> reading) {
    long now = clock.monotonicNanos();
    for (HandedOver each : HandedOver.decode(handedOver)) {
      TransactionIds.Content content = ids.read(each.id());
      long began = now - each.open().toNanos();
      ReadTime snapshot = each.snapshot() == 0 ? null : reading.apply(each.snapshot());
      var live =
          new LiveTransaction(each.id(), content, each.database(), each.mode(), began, snapshot);
      live.use(now);
      live.reads().restore(each.reads());
      if (each.mode() == ConcurrencyMode.PESSIMISTIC && !content.readOnly()) {
        each.reads().forEach((shard, part) -> lock(live, shard, part.keys().keySet()));
      }
      synchronized (ended) {
        ended.remove(each.id());
      }
      open.put(each.id(), live);
    }
    scheduleSweep();
  }

  private void lock(LiveTransaction live, int shard, Set<Bytes> keys) {
    if (!participants.get(shard).leads()) {
      var unused = shards.get(shard).lock(live, List.copyOf(keys), settings.lockWaitLimit());
      return;
    }
    LockTable locks = participants.get(shard).locks();
    for (Bytes key : keys) {
      if (locks.lockShared(key, live, () -> {}) == LockTable.Answer.GRANTED) {
        live.addLock(new LockOwner.HeldLock(shard, key));
      }
    }
  }

  /** Ends all that have not begun to commit, or wait to. */
  void endAll(TransactionEnd reason) {
    open.values().forEach(live -> end(live, reason));
  }

  /** Other nodes drop the locks of a home that they don't hear of. */
  private void keepGuests() {
    var byShard = new TreeMap<Integer, List<TransactionId>>();
    for (LiveTransaction live : open.values()) {
      for (int shard : live.guesthouses()) {
        byShard.computeIfAbsent(shard, _ -> new ArrayList<>()).add(live.id());
      }
    }
    byShard.forEach((shard, transactions) -> shards.get(shard).keep(transactions));
  }

  private void scheduleSweep() {
    if (!sweeping.get() && sweeping.compareAndSet(false, true)) {
      timers.schedule(SWEEP_PERIOD, this::sweep);
    }
  }

  /** One that failed would otherwise be the last: nothing would ever expire again. */
  private void sweep() {
    try {
      endOverdue();
      keepGuests();
    } finally {
      sweeping.set(false);
      if (!open.isEmpty()) {
        scheduleSweep();
      }
    }
  }

  private void endOverdue() {
    long now = clock.monotonicNanos();
    for (LiveTransaction live : open.values()) {
      if (now - live.usedNanos() > settings.idleLimit().toNanos()
          || now - live.beganNanos() > settings.lifetimeLimit().toNanos()) {
        end(live, TransactionEnd.EXPIRED);
      }
    }
  }
}
