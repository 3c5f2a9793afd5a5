package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.environment.Waiting;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.NotServedException;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.replication.StoredOutcome;
import dev.kindstead.transaction.CommitPart.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes a commit apart into its shards' parts and chooses how they commit: one shard alone, two
 * phases, or each shard by itself. Repeated commits are answered from the log.
 *
 * <p>Thread-safe.
 */
final class Commits {
  /** Times that a commit is repeated from the start because a drawn id was taken. */
  private static final int ID_DRAWS_MAX = 10;

  /** A commit waits this long for a shard to have a leader. */
  private static final Duration ELECTION_LIMIT = Duration.ofSeconds(2);

  private static final Duration ELECTION_PAUSE = Duration.ofMillis(50);

  private final ShardMap map;
  private final List<Shard> shards;
  private final CommitRouting routing;
  private final IdAllocator idAllocator;
  private final TransactionIds ids;
  private final OpenTransactions open;
  private final NodeTimestamps timestamps;
  private final Resolution resolution;
  private final BooleanSupplier serving;
  private final Clock clock;
  private final Timers timers;
  private final TransactionSettings settings;

  /** Who commits, and how. */
  private record Attempt(
      CommitRequest request,
      @Nullable LiveTransaction live,
      int slot,
      long age,
      boolean atomic,
      int number) {
    /** Of a transaction there is none: its client may ask again what became of it. */
    long deadlineNanos() {
      return live == null ? request.deadlineNanos() : CommitRequest.NO_DEADLINE;
    }

    Attempt again() {
      return new Attempt(request, live, slot, age, atomic, number + 1);
    }
  }

  Commits(
      ShardMap map,
      List<Shard> shards,
      CommitRouting routing,
      IdAllocator idAllocator,
      TransactionIds ids,
      OpenTransactions open,
      NodeTimestamps timestamps,
      Resolution resolution,
      BooleanSupplier serving,
      Clock clock,
      Timers timers,
      TransactionSettings settings) {
    this.map = map;
    this.shards = shards;
    this.routing = routing;
    this.idAllocator = idAllocator;
    this.ids = ids;
    this.open = open;
    this.timestamps = timestamps;
    this.resolution = resolution;
    this.serving = serving;
    this.clock = clock;
    this.timers = timers;
    this.settings = settings;
  }

  CompletableFuture<CommitResult> commit(CommitRequest request) {
    TransactionId transaction = request.transaction();
    if (transaction == null) {
      return commitAlone(request);
    }
    LiveTransaction live = open.find(transaction);
    return live == null
        ? commitOver(request, transaction, open.endOf(transaction))
        : commitOpen(request, live);
  }

  private CompletableFuture<CommitResult> commitAlone(CommitRequest request) {
    return timestamps
        .recent()
        .thenCompose(age ->
            run(new Attempt(request, null, ids.nextSlot(), age, request.transactional(), 1)));
  }

  private CompletableFuture<CommitResult> commitOpen(CommitRequest request, LiveTransaction live) {
    if (!live.database().equals(request.database())) {
      throw DatastoreException.invalidArgument("the transaction belongs to another database");
    }
    boolean empty = request.mutations().isEmpty();
    if (live.isReadOnly() && !empty) {
      throw TransactionErrors.readOnly();
    }
    long fingerprint = RequestFingerprint.of(request.mutations());
    if (!live.startCommit(fingerprint)) {
      TransactionEnd end = live.end();
      if (end != null) {
        return commitOver(request, live.id(), end);
      }
      if (live.fingerprint() != fingerprint) {
        throw TransactionErrors.closed();
      }
      return live.answer();
    }
    if (empty) {
      if (!live.latch()) {
        return commitOver(request, live.id(), live.end());
      }
      open.forget(live, TransactionEnd.COMMITTED_EMPTY);
      live.answer().complete(emptyAnswer(live.begin()));
      return live.answer();
    }
    var attempt = new Attempt(request, live, live.slot(), live.age(), true, 1);
    runPatiently(attempt, clock.monotonicNanos() + ELECTION_LIMIT.toNanos())
        .whenComplete((answer, failure) -> {
          if (failure == null) {
            open.forget(live, TransactionEnd.CLOSED);
            live.answer().complete(answer);
          } else {
            Throwable cause = over(Waiting.causeOf(failure));
            open.forgetFailed(live, cause);
            live.answer().completeExceptionally(cause);
          }
        });
    return live.answer();
  }

  /** What is not applied now never will be: its transaction ends here. */
  private static Throwable over(Throwable cause) {
    return cause instanceof NotServedException ? TransactionErrors.contention() : cause;
  }

  /**
   * What a commit of nothing answers, each time: all that the transaction read was of one moment,
   * so it may count as committed then; its begin is a time that its id tells.
   */
  private static CommitResult emptyAnswer(long begin) {
    return new CommitResult(List.of(), 0, begin);
  }

  /**
   * A repeated commit, or one of a transaction that is over or was lost (rule 7). Whatever this
   * home knows of its end, another node may have put its commit into the log.
   */
  private CompletableFuture<CommitResult> commitOver(
      CommitRequest request, TransactionId transaction, @Nullable TransactionEnd end) {
    if (end == TransactionEnd.LOST && !serving.getAsBoolean()) {
      throw TransactionErrors.notLed(); // it may have been handed over, and to ask would end it
    }
    TransactionIds.Content content = ids.read(transaction);
    if (request.mutations().isEmpty()) {
      // By a restart, or to another home: that one may have committed it, whatever is known here.
      boolean lost =
          end != TransactionEnd.CLOSED
              && end != TransactionEnd.UNKNOWN
              && open.isBeforeStart(content.begin());
      boolean onlyRead = end == null && content.readOnly() && !open.isOfLaterHome(content.begin());
      if (end == TransactionEnd.COMMITTED_EMPTY || lost || onlyRead) {
        return CompletableFuture.completedFuture(emptyAnswer(content.begin()));
      }
      throw failureOf(transaction, end);
    }
    if (content.readOnly()) {
      throw TransactionErrors.readOnly();
    }
    if (open.isOfLaterHome(content.begin())) {
      throw TransactionErrors.notLed(); // to ask the log would end it
    }
    long fingerprint = RequestFingerprint.of(request.mutations());
    DatastoreException refusal = open.refusalOf(transaction, fingerprint);
    if (refusal != null) {
      throw refusal;
    }
    int slot = map.firstSlotOf(routing.answerShard(request.mutations(), content.slot()));
    return askLog(transaction, slot)
        .thenCompose(outcome ->
            outcome instanceof StoredOutcome.Committed committed
                ? CompletableFuture.completedFuture(firstAnswer(committed, fingerprint))
                : timestamps
                    .read()
                    .thenCompose(now ->
                        CompletableFuture.failedFuture(
                            failureOf(transaction, content.begin(), end, now.micros()))));
  }

  /** For as long as a commit's outcome is looked for; a home that is none any more says so. */
  private CompletableFuture<StoredOutcome> askLog(TransactionId transaction, int slot) {
    long limit = clock.monotonicNanos() + NodeShard.LOOK_UP_LIMIT.toNanos();
    return resolution
        .ask(
            transaction.bytes(),
            slot,
            () -> serving.getAsBoolean() && clock.monotonicNanos() < limit)
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                serving.getAsBoolean() ? TransactionErrors.unknownOutcome() : failure));
  }

  /** Of a commit that the log does not know, or knows to be aborted. */
  private DatastoreException failureOf(
      TransactionId transaction, long begin, @Nullable TransactionEnd end, long now) {
    if (begin <= now - settings.answersKept().toNanos() / 1_000) {
      return TransactionErrors.unknownOutcome(); // the log may have known it once
    }
    return end == TransactionEnd.UNKNOWN
        ? TransactionErrors.contention()
        : failureOf(transaction, end);
  }

  private DatastoreException failureOf(TransactionId transaction, @Nullable TransactionEnd end) {
    return end == null ? open.failureOf(transaction) : end.failure();
  }

  /** Another request's answer must not pass for this one's. */
  private static CommitResult firstAnswer(StoredOutcome.Committed committed, long fingerprint) {
    if (committed.answer().length == 0) {
      throw TransactionErrors.unknownOutcome(); // the answer's time is over, the decision's not
    }
    AnswerEncoding.StoredAnswer first = AnswerEncoding.decode(committed.answer());
    if (first.fingerprint() != fingerprint) {
      throw TransactionErrors.closed();
    }
    return first.result();
  }

  /**
   * The same, and again while a shard has no leader: of what is certainly not done, nothing stands
   * in the way of doing it, and a client would have to begin the transaction anew.
   */
  private CompletableFuture<CommitResult> runPatiently(Attempt attempt, long endNanos) {
    return begun(attempt)
        .exceptionallyCompose(failure -> {
          Throwable cause = Waiting.causeOf(failure);
          if (!(cause instanceof NotServedException)
              || !serving.getAsBoolean()
              || clock.monotonicNanos() >= endNanos) {
            return CompletableFuture.failedFuture(cause);
          }
          var pause = new CompletableFuture<Void>();
          timers.schedule(ELECTION_PAUSE, () -> pause.complete(null));
          return pause.thenCompose(_ ->
              clock.monotonicNanos() < endNanos
                  ? runPatiently(attempt, endNanos)
                  : CompletableFuture.failedFuture(cause));
        });
  }

  /** What is thrown is a failure as well. */
  private CompletableFuture<CommitResult> begun(Attempt attempt) {
    try {
      return run(attempt);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private CompletableFuture<CommitResult> run(Attempt attempt) {
    return run(attempt, new ArrayList<>());
  }

  /**
   * @param completed the keys that have got an id: those of a large commit need many a block
   */
  private CompletableFuture<CommitResult> run(Attempt attempt, List<Key> completed) {
    List<Mutation> mutations = attempt.request().mutations();
    if (mutations.isEmpty()) {
      return CompletableFuture.completedFuture(new CommitResult(List.of(), 0, timestamps.last()));
    }
    if (!routing.complete(mutations, attempt.slot(), completed)) {
      return attempt.deadlineNanos() <= clock.monotonicNanos()
          ? CompletableFuture.failedFuture(DatastoreException.deadlinePassed())
          : idAllocator.refill().thenCompose(_ -> run(attempt, completed));
    }
    List<CommitPart> parts = parts(attempt, routing.route(mutations, completed));
    CompletableFuture<CommitResult> result =
        parts.size() == 1
            ? commitOnOneShard(attempt, parts.getFirst())
            : commitParts(attempt, parts);
    return result.exceptionallyCompose(failure -> {
      Throwable cause = Waiting.causeOf(failure);
      return cause instanceof Evaluation.IdTakenException && attempt.number() < ID_DRAWS_MAX
          ? run(attempt.again())
          : CompletableFuture.failedFuture(cause);
    });
  }

  private List<CommitPart> parts(Attempt attempt, SortedMap<Integer, List<Write>> writes) {
    LiveTransaction live = attempt.live();
    Bytes id = live == null ? null : live.id().bytes();
    var parted = new TreeSet<>(writes.keySet());
    if (live != null) {
      parted.addAll(live.reads().shards());
    }
    var parts = new ArrayList<CommitPart>(parted.size());
    long fingerprint = live == null ? 0 : live.fingerprint();
    long deadline = attempt.deadlineNanos();
    for (int shard : parted) {
      ReadPart reads = live == null ? ReadPart.NOTHING : live.reads().part(shard, live.snapshot());
      List<Write> ofShard = writes.getOrDefault(shard, List.of());
      parts.add(
          CommitPart.of(shard, id, live, fingerprint, attempt.age(), ofShard, reads, deadline));
    }
    return parts;
  }

  private CompletableFuture<CommitResult> commitOnOneShard(Attempt attempt, CommitPart part) {
    return shards.get(part.shard()).commit(part, waitLimit(attempt));
  }

  private CompletableFuture<CommitResult> commitParts(Attempt attempt, List<CommitPart> parts) {
    LiveTransaction live = attempt.live();
    // Without an open transaction, a name is needed all the same for what is held and prepared.
    Bytes id =
        live == null ? ids.mint(attempt.age(), attempt.age(), false).bytes() : live.id().bytes();
    List<Integer> parted = parts.stream().map(CommitPart::shard).toList();
    CompletableFuture<List<Evaluated>> held =
        new HoldAll(shards, id, parts, waitLimit(attempt)).run();
    if (!attempt.atomic()) {
      var commit =
          new NonTransactionalCommit(
              shards,
              parts,
              id,
              () -> ids.mint(attempt.age(), attempt.age(), false).bytes(),
              waitLimit(attempt),
              timers);
      return held.thenCompose(commit::run);
    }
    int answerShard = routing.answerShard(attempt.request().mutations(), attempt.slot());
    var twoPhases =
        new TwoPhaseCommit(
            shards,
            map,
            resolution,
            clock,
            timers,
            id,
            live == null ? 0 : live.fingerprint(), // nobody can repeat what has no id to tell
            map.firstSlotOf(answerShard),
            parted);
    return held.thenCompose(all -> {
      if (live != null && !live.latch()) {
        parted.forEach(shard -> shards.get(shard).release(id));
        throw TransactionErrors.contention();
      }
      CompletableFuture<CommitResult> result = twoPhases.run(all);
      return live == null ? result : result.exceptionallyCompose(Commits::undone);
    });
  }

  /** What was aborted in the log is over; only a new transaction can do it. */
  private static CompletableFuture<CommitResult> undone(Throwable failure) {
    return CompletableFuture.failedFuture(over(Waiting.causeOf(failure)));
  }

  private Duration waitLimit(Attempt attempt) {
    return attempt.live() == null ? settings.putWaitLimit() : settings.lockWaitLimit();
  }
}
