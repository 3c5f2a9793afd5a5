package dev.kindstead.transaction;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.environment.Clock;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.transaction.OpenRead.NewTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Opens reads: chooses the timestamp, and waits for whatever may yet commit at or below it on what
 * is read (rules 1, 3 and 4).
 *
 * <p>Thread-safe. When nothing is in the way, a read is open before the call returns.
 */
final class Reads {
  /** A replica that is further behind is not read. */
  private static final Duration LAG_MAX = Duration.ofSeconds(1);

  private final List<Participant> participants;
  private final List<Shard> shards;
  private final List<AskedRows> distant;
  private final CommitRouting routing;
  private final OpenTransactions open;
  private final NodeTimestamps timestamps;
  private final TimestampAges ages;
  private final SystemGroup system;
  private final Clock clock;
  private final TransactionSettings settings;

  /** What is read, where. */
  private record Target(int shard, List<Bytes> keys) {}

  Reads(
      List<Participant> participants,
      List<Shard> shards,
      List<AskedRows> distant,
      CommitRouting routing,
      OpenTransactions open,
      NodeTimestamps timestamps,
      TimestampAges ages,
      SystemGroup system,
      Clock clock,
      TransactionSettings settings) {
    this.participants = participants;
    this.shards = shards;
    this.distant = distant;
    this.routing = routing;
    this.open = open;
    this.timestamps = timestamps;
    this.ages = ages;
    this.system = system;
    this.clock = clock;
    this.settings = settings;
  }

  CompletableFuture<ReadSession> ofKeys(DatabaseId database, ReadMode mode, List<Key> keys) {
    return open(database, mode, targets(keys));
  }

  /**
   * A strong read for a query on a node that does not serve; not served here when this node does
   * not know the indexes of now. A query that was planned before that is planned again.
   */
  CompletableFuture<ReadSession> ofShardsAnywhere(int[] shards) {
    return timestamps
        .read()
        .thenCompose(time -> {
          if (!system.follows(time.indexesAt())) {
            throw TransactionErrors.notLed();
          }
          return openAt(targets(shards), time, null, null);
        });
  }

  CompletableFuture<ReadSession> ofShards(DatabaseId database, ReadMode mode, int[] shards) {
    return open(database, mode, targets(shards));
  }

  private static List<Target> targets(int[] shards) {
    var targets = new ArrayList<Target>(shards.length);
    for (int shard : shards) {
      targets.add(new Target(shard, List.of()));
    }
    return targets;
  }

  /** Ends when nothing commits at or below a timestamp of now any more. */
  CompletableFuture<ClosedTimestamp> close() {
    // Of the system group's log before the shards', as the work on indexes goes the other way.
    long systemIndex = system.appliedLogIndex();
    return timestamps
        .read()
        .thenCompose(time ->
            closeAll(time)
                .thenApply(indexes -> new ClosedTimestamp(time.micros(), systemIndex, indexes)));
  }

  private CompletableFuture<List<Long>> closeAll(ReadTime time) {
    List<CompletableFuture<Long>> all =
        participants.stream()
            .map(participant -> {
              int shard = participant.shard();
              long applied = participant.appliedLogIndex();
              return shards
                  .get(shard)
                  .pass(time.micros(), time.terms().of(shard), applied, List.of());
            })
            .toList();
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> all.stream().map(CompletableFuture::resultNow).toList());
  }

  /** A strong read, whatever the databases. */
  CompletableFuture<ReadSession> ofKeys(List<Key> keys) {
    return openLatest(targets(keys));
  }

  CompletableFuture<ReadSession> ofShard(int shard) {
    return openLatest(List.of(new Target(shard, List.of())));
  }

  private List<Target> targets(List<Key> keys) {
    if (keys.size() == 1) {
      Key key = keys.getFirst();
      return List.of(new Target(routing.shardOf(key), List.of(bytesOf(key))));
    }
    var byShard = new ArrayList<@Nullable Target>();
    participants.forEach(_ -> byShard.add(null));
    for (Key key : keys) {
      int shard = routing.shardOf(key);
      Target target = byShard.get(shard);
      if (target == null) {
        target = new Target(shard, new ArrayList<>());
        byShard.set(shard, target);
      }
      target.keys().add(bytesOf(key));
    }
    byShard.removeIf(target -> target == null);
    return List.copyOf(byShard);
  }

  private static Bytes bytesOf(Key key) {
    return Bytes.of(KeyEncoding.entityKey(key));
  }

  private CompletableFuture<ReadSession> open(
      DatabaseId database, ReadMode mode, List<Target> targets) {
    return switch (mode) {
      case ReadMode.Strong() -> openLatest(targets);
      case ReadMode.Eventual() -> openLatest(targets);
      case ReadMode.AtTime(long micros) -> openPast(targets, micros);
      case ReadMode.InTransaction(TransactionId id) ->
          openInTransaction(open.require(id, database), targets, null);
      case ReadMode.InNewTransaction(TransactionOptions options) ->
          begin(database, options).thenCompose(live -> openInNew(live, targets));
    };
  }

  /** Begins a transaction, dated by the oracle: no two are of one age. */
  CompletableFuture<LiveTransaction> begin(DatabaseId database, TransactionOptions options) {
    return timestamps
        .next(1)
        .thenCompose(now ->
            switch (options) {
              case TransactionOptions.ReadOnly(Long readTime) -> {
                if (readTime != null) {
                  checkReadTime(readTime, now);
                }
                long snapshot = readTime == null ? now : readTime;
                yield timestamps
                    .read()
                    .thenApply(later -> begin(database, options, now, later.at(snapshot)));
              }
              case TransactionOptions.ReadWrite _ ->
                  CompletableFuture.completedFuture(begin(database, options, now, null));
            });
  }

  private LiveTransaction begin(
      DatabaseId database, TransactionOptions options, long now, @Nullable ReadTime snapshot) {
    ConcurrencyMode mode = system.mode(database, settings.defaultMode());
    return open.begin(database, mode, options, now, snapshot);
  }

  private CompletableFuture<ReadSession> openPast(List<Target> targets, long micros) {
    return timestamps
        .read()
        .thenCompose(now -> {
          checkReadTime(micros, now.micros());
          return openAt(targets, now.at(micros), null, null);
        });
  }

  private void checkReadTime(long micros, long now) {
    if (micros > now) {
      throw DatastoreException.invalidArgument(
          "The requested 'read_time' cannot be in the future.");
    }
    if (micros < ages.atLeast(settings.retention(), now)) {
      throw DatastoreException.failedPrecondition("The requested 'read_time' is too old.");
    }
  }

  /**
   * A strong read, at or above everything acknowledged. Its time is chosen once, so that what it
   * waits for comes to an end whatever is written meanwhile.
   *
   * <p>A read of one shard waits, too, for what is in flight on its keys below that time: a commit
   * that follows it elsewhere may be acknowledged already, and a reader of both have seen the one
   * and not the other. To answer with what the shard has applied would put this read before the
   * first and, by real time, behind the second.
   */
  private CompletableFuture<ReadSession> openLatest(List<Target> targets) {
    return timestamps.read().thenCompose(time -> openAt(targets, time, null, null));
  }

  /**
   * Opens when nothing is in the way any more, before this returns if nothing is. What another node
   * leads is read by this node's replica, once that has all that the leader had; where there is no
   * replica, by the leader.
   */
  private CompletableFuture<ReadSession> openAt(
      List<Target> targets,
      ReadTime time,
      @Nullable LiveTransaction noting,
      @Nullable NewTransaction newTransaction) {
    return openRead(targets, time, noting, newTransaction).thenApply(session -> session);
  }

  private CompletableFuture<OpenRead> openRead(
      List<Target> targets,
      ReadTime time,
      @Nullable LiveTransaction noting,
      @Nullable NewTransaction newTransaction) {
    return targets.size() == 1
        ? pass(targets.getFirst(), time)
            .thenApply(
                passage -> new OpenRead(List.of(passage), time.micros(), noting, newTransaction))
        : passAll(targets, time)
            .thenApply(passages -> new OpenRead(passages, time.micros(), noting, newTransaction));
  }

  private CompletableFuture<Passage> pass(Target target, ReadTime time) {
    Participant participant = participants.get(target.shard());
    long term = time.terms().of(target.shard());
    boolean wantsKeys = !target.keys().isEmpty();
    if (!participant.hasReplica() || (wantsKeys && !participant.isFollowing())) {
      return passElsewhere(target, time.micros(), term);
    }
    return shards
        .get(target.shard())
        .pass(time.micros(), term, participant.appliedLogIndex(), target.keys())
        .thenCompose(logIndex ->
            participant
                .appliedWithin(LAG_MAX, logIndex)
                .thenCompose(isHere ->
                    isHere
                        ? CompletableFuture.completedFuture(new Passage.Here(participant, logIndex))
                        : passLagging(target, time.micros(), term)));
  }

  /** The replica may never get there: it was taken from this node without hearing of it. */
  private CompletableFuture<Passage> passLagging(Target target, long micros, long term) {
    return target.keys().isEmpty()
        ? CompletableFuture.failedFuture(TransactionErrors.notLed())
        : passElsewhere(target, micros, term);
  }

  private CompletableFuture<Passage> passElsewhere(Target target, long micros, long term) {
    AskedRows rows = distant.get(target.shard());
    return target.keys().isEmpty()
        ? shards
            .get(target.shard())
            .pass(micros, term, Long.MAX_VALUE, target.keys())
            .thenApply(logIndex -> Passage.Elsewhere.of(target.shard(), logIndex, rows))
        : rows.fetch(micros, term, target.keys())
            .thenApply(
                fetched -> Passage.Elsewhere.of(target.shard(), target.keys(), fetched, rows));
  }

  private CompletableFuture<List<Passage>> passAll(List<Target> targets, ReadTime time) {
    List<CompletableFuture<Passage>> all =
        targets.stream().map(target -> pass(target, time)).toList();
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> all.stream().map(CompletableFuture::resultNow).toList());
  }

  private CompletableFuture<ReadSession> openInNew(LiveTransaction live, List<Target> targets) {
    var begun = new NewTransaction(live.id(), () -> open.end(live, TransactionEnd.CLOSED));
    return CompletableFuture.completedFuture(begun)
        .thenCompose(it -> openInTransaction(live, targets, it))
        .whenComplete((_, failure) -> {
          if (failure != null) {
            begun.end().run(); // nobody has heard of it
          }
        });
  }

  private CompletableFuture<ReadSession> openInTransaction(
      LiveTransaction live, List<Target> targets, @Nullable NewTransaction answered) {
    ReadTime known = live.readTime();
    if (live.isReadOnly() && known != null) {
      return openAt(targets, known, null, answered);
    }
    CompletableFuture<Void> locked =
        live.mode() == ConcurrencyMode.PESSIMISTIC
            ? lock(live, targets)
            : CompletableFuture.completedFuture(null);
    return locked
        .thenCompose(_ -> snapshotOf(live))
        .thenCompose(time -> openSnapshot(live, targets, time, answered));
  }

  private CompletableFuture<ReadTime> snapshotOf(LiveTransaction live) {
    ReadTime known = live.readTime();
    return known == null
        ? timestamps.read().thenApply(live::readTimeOr)
        : CompletableFuture.completedFuture(known);
  }

  private CompletableFuture<ReadSession> openSnapshot(
      LiveTransaction live,
      List<Target> targets,
      ReadTime time,
      @Nullable NewTransaction answered) {
    return openRead(targets, time, live, answered)
        .thenApply(session -> {
          if (live.mode() == ConcurrencyMode.PESSIMISTIC && isOutdated(targets, session)) {
            open.end(live, TransactionEnd.ABORTED);
            session.close();
            throw TransactionErrors.contention();
          }
          return session;
        });
  }

  /** What is locked but has changed since the snapshot can only end in a failed validation. */
  private static boolean isOutdated(List<Target> targets, OpenRead session) {
    return targets.stream().anyMatch(target -> session.isOutdated(target.shard(), target.keys()));
  }

  private CompletableFuture<Void> lock(LiveTransaction live, List<Target> targets) {
    long end = clock.monotonicNanos() + settings.lockWaitLimit().toNanos();
    CompletableFuture<Void> locked = CompletableFuture.completedFuture(null);
    for (Target target : targets) {
      if (!target.keys().isEmpty()) {
        locked = locked.thenCompose(_ -> lock(live, target, end));
      }
    }
    return locked;
  }

  private CompletableFuture<Void> lock(LiveTransaction live, Target target, long endNanos) {
    var left = Duration.ofNanos(Math.max(0, endNanos - clock.monotonicNanos()));
    return shards
        .get(target.shard())
        .lock(live, target.keys(), left)
        .whenComplete((_, failure) -> {
          if (failure != null && TransactionErrors.of(failure).code() == Code.ABORTED) {
            open.end(live, TransactionEnd.ABORTED);
          }
        });
  }
}
