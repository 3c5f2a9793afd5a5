package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.transaction.Step.Begun;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers waiting steps into entries: while an entry is on its way through the log, the next one
 * grows ({@link EntryPace}). One request to the oracle serves an entry, and until it is answered no
 * other is gathered: so timestamps have the order of validation (rule 2).
 *
 * <p>Thread rule: {@link #submit} from any thread, the rest on the shard's executor.
 */
final class GroupCommit {
  /** Entries on their way through the log at a time. */
  static final int ENTRIES_IN_FLIGHT_MAX = 2;

  /** Commands in one entry. */
  static final int ENTRY_COMMANDS_MAX = 1_024;

  /** An entry of this many bytes takes no more commands. */
  static final int ENTRY_BYTES_FULL = 1 << 20;

  /** Steps that may wait for one shard. */
  static final int WAITING_MAX = 16_384;

  /** How often deadlines are looked at. */
  private static final Duration SWEEP_PERIOD = Duration.ofMillis(100);

  /**
   * What waits for nobody any more, only for the log, may wait this much longer than it may wait
   * for others: a slow disk is no reason to have it all sent again.
   */
  private static final Duration STALL_LIMIT = Duration.ofSeconds(10);

  /** After this long, a commit of unknown outcome is answered so. */
  private static final Duration IN_DOUBT_LIMIT = Duration.ofSeconds(5);

  private final Latches latches;
  private final Proposals proposals;
  private final NodeTimestamps timestamps;
  private final Executor executor;
  private final Clock clock;
  private final Timers timers;
  private final BooleanSupplier isStorageBehind;
  private final Consumer<Throwable> broken;
  private final ConcurrentLinkedQueue<Step> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean drainScheduled = new AtomicBoolean();
  private final AtomicInteger size = new AtomicInteger();
  private final ArrayDeque<Step> ready = new ArrayDeque<>();
  private final Set<Step> waiting = new LinkedHashSet<>();
  private final EntryPace pace = new EntryPace();
  private boolean pumping;
  private boolean pumpScheduled;

  /** Whether an entry is gathered that has no timestamps yet. */
  private boolean awaiting;

  private boolean sweeping;
  private boolean aloneInFlight;
  private @Nullable Supplier<DatastoreException> stopped;

  /**
   * @param isStorageBehind whether what is committed waits to be written to the store
   * @param broken told of a failure of our own after which this replica must not go on
   */
  GroupCommit(
      Latches latches,
      Proposals proposals,
      NodeTimestamps timestamps,
      Executor executor,
      Clock clock,
      Timers timers,
      BooleanSupplier isStorageBehind,
      Consumer<Throwable> broken) {
    this.latches = latches;
    this.proposals = proposals;
    this.timestamps = timestamps;
    this.executor = executor;
    this.clock = clock;
    this.timers = timers;
    this.isStorageBehind = isStorageBehind;
    this.broken = broken;
  }

  void submit(Step step) {
    if (isStorageBehind.getAsBoolean() && !step.isInternal()) {
      step.fail(TransactionErrors.storageBehind());
      return;
    }
    if (size.incrementAndGet() > WAITING_MAX && !step.isInternal()) {
      size.decrementAndGet();
      step.fail(TransactionErrors.overloaded());
      return;
    }
    inbox.add(step);
    if (drainScheduled.compareAndSet(false, true)) {
      executor.execute(this::drain);
    }
  }

  private void drain() {
    drainScheduled.set(false);
    takeInbox();
    pump();
  }

  private void takeInbox() {
    for (Step step = inbox.poll(); step != null; step = inbox.poll()) {
      ready.add(step);
    }
  }

  /** Queues steps that waited, in their order, before all others. */
  void resubmit(List<Step> steps) {
    for (Step step : steps.reversed()) {
      if (waiting.remove(step)) {
        ready.addFirst(step);
      }
    }
    if (!steps.isEmpty() && drainScheduled.compareAndSet(false, true)) {
      executor.execute(this::drain);
    }
  }

  /** Proposes entries while there is something to propose and room in flight. */
  void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      failIfUnserved();
      while (mayGather()) {
        gather();
        takeInbox();
      }
    } finally {
      pumping = false;
    }
    scheduleSweep();
  }

  private boolean mayGather() {
    return !ready.isEmpty()
        && !awaiting
        && proposals.canPropose()
        && proposals.open() < ENTRIES_IN_FLIGHT_MAX
        && !aloneInFlight
        && !(ready.getFirst().isAlone() && proposals.open() > 0)
        && mayGo();
  }

  /** Whether what is ready may go now; otherwise it will be asked again in time. */
  private boolean mayGo() {
    int inFlight = proposals.open();
    long wait = pace.waitNanos(ready.size(), inFlight, clock.monotonicNanos());
    if (wait > 0 && !ready.stream().allMatch(Step::mayWait)) {
      return true;
    }
    if (wait > 0 && inFlight == 0 && !pumpScheduled) {
      pumpScheduled = true;
      timers.schedule(Duration.ofNanos(wait), () -> executor.execute(this::pumpAgain));
    }
    return wait == 0;
  }

  private void pumpAgain() {
    pumpScheduled = false;
    pump();
  }

  private void failIfUnserved() {
    Supplier<DatastoreException> why = stopped;
    if (why != null) {
      failWaiting(why);
    } else if (!proposals.isLeading()) {
      failWaiting(TransactionErrors::notLed);
    }
  }

  /** Begins steps until the entry is full, and proposes them once they have timestamps. */
  private void gather() {
    var batch = new Holder(timestamps.last() + 1);
    latches.open(batch);
    var steps = new ArrayList<Step>();
    fill(batch, steps);
    if (steps.isEmpty()) {
      close(batch);
    } else {
      stamp(batch, steps);
    }
  }

  private void fill(Holder batch, List<Step> steps) {
    int bytes = 0;
    long now = clock.monotonicNanos();
    while (steps.size() < ENTRY_COMMANDS_MAX && bytes < ENTRY_BYTES_FULL) {
      Step step = ready.poll();
      if (step == null) {
        return;
      }
      if (!step.isOver() && step.isLate(now)) {
        step.fail(DatastoreException.deadlinePassed());
      }
      if (step.isOver()) {
        size.decrementAndGet();
        continue;
      }
      if (step.isAlone() && (!steps.isEmpty() || proposals.open() > 0)) {
        ready.addFirst(step);
        return;
      }
      Begun begun = begin(step, batch);
      switch (begun) {
        case READY -> {
          steps.add(step);
          bytes += step.bytes();
        }
        case WAITING -> waiting.add(step);
        case OVER -> size.decrementAndGet();
      }
      if (begun == Begun.READY && step.isAlone()) {
        aloneInFlight = true;
        return;
      }
    }
  }

  private static Begun begin(Step step, Holder batch) {
    try {
      step.stopAwaiting();
      return step.begin(batch);
    } catch (RuntimeException failure) {
      step.fail(failure);
      return Begun.OVER;
    }
  }

  private void stamp(Holder batch, List<Step> steps) {
    int count = 0;
    for (Step step : steps) {
      count += step.needsTimestamp() ? 1 : 0;
    }
    if (count == 0) {
      propose(batch, steps, 0);
      return;
    }
    long term = proposals.term();
    CompletableFuture<Long> first = timestamps.next(count);
    if (first.isDone()) {
      stamped(batch, steps, term, first);
    } else {
      awaiting = true;
      first.whenComplete((_, _) ->
          executor.execute(() -> {
            awaiting = false;
            stamped(batch, steps, term, first);
            pump();
          }));
    }
  }

  /** What was validated in one term is nothing in another: others may have led in between. */
  private void stamped(
      Holder batch, List<Step> steps, long term, CompletableFuture<Long> timestamp) {
    if (!timestamp.isCompletedExceptionally()
        && proposals.canPropose()
        && proposals.term() == term) {
      batch.setFloor(timestamp.resultNow());
      propose(batch, steps, timestamp.resultNow());
      return;
    }
    putBack(steps);
    close(batch);
    if (timestamp.isCompletedExceptionally()) {
      failWaiting(() -> TransactionErrors.of(timestamp.exceptionNow()));
    }
  }

  private void propose(Holder batch, List<Step> steps, long timestamp) {
    size.addAndGet(-steps.size());
    pace.proposed();
    long proposedNanos = clock.monotonicNanos();
    try {
      proposals.propose(
          commands(steps, timestamp), outcome -> concluded(batch, steps, proposedNanos, outcome));
    } catch (RuntimeException failure) {
      // Nobody can tell how far it got, so latches stay held and the replica stops.
      steps.forEach(step -> step.fail(TransactionErrors.unknownOutcome()));
      broken.accept(failure);
    }
  }

  private static List<Command> commands(List<Step> steps, long firstTimestamp) {
    var commands = new ArrayList<Command>(steps.size() + 1);
    long timestamp = firstTimestamp;
    for (Step step : steps) {
      step.addCommands(timestamp, commands);
      timestamp += step.needsTimestamp() ? 1 : 0;
    }
    return commands;
  }

  private void putBack(List<Step> steps) {
    aloneInFlight = false;
    for (Step step : steps.reversed()) {
      step.undo();
      ready.addFirst(step);
    }
    steps.clear();
  }

  private void concluded(Holder batch, List<Step> steps, long proposedNanos, Outcome outcome) {
    if (outcome == Outcome.UNKNOWN) {
      timers.schedule(IN_DOUBT_LIMIT, () -> executor.execute(() -> steps.forEach(Step::inDoubt)));
      return;
    }
    aloneInFlight = false;
    steps.forEach(step -> step.ended(outcome));
    close(batch);
    takeInbox();
    long now = clock.monotonicNanos();
    pace.ended(steps.size(), ready.size(), now - proposedNanos, now);
    pump();
    for (Step step : steps) {
      step.answer(outcome);
    }
  }

  private void close(Holder batch) {
    latches.close(batch);
    resubmit(batch.takeWaiting());
    batch.release();
  }

  private void scheduleSweep() {
    if (!sweeping && !(waiting.isEmpty() && ready.isEmpty())) {
      sweeping = true;
      timers.schedule(SWEEP_PERIOD, () -> executor.execute(this::sweep));
    }
  }

  private void sweep() {
    sweeping = false;
    long now = clock.monotonicNanos();
    var late = new ArrayList<Step>();
    for (Step step : waiting) {
      if (step.deadlineNanos() <= now || step.isLate(now)) {
        late.add(step);
      }
    }
    for (Step step : late) {
      waiting.remove(step);
      size.decrementAndGet();
      step.fail(
          step.isLate(now) ? DatastoreException.deadlinePassed() : TransactionErrors.contention());
    }
    for (Step step : ready) {
      if (!step.isOver() && step.isLate(now)) {
        step.fail(DatastoreException.deadlinePassed());
      } else if (!step.isOver() && step.deadlineNanos() <= now - STALL_LIMIT.toNanos()) {
        step.fail(TransactionErrors.notApplied());
      }
    }
    pump();
  }

  /** Fails all that has not been proposed. */
  void failWaiting(Supplier<DatastoreException> why) {
    takeInbox();
    var all = new ArrayList<>(ready);
    all.addAll(waiting);
    ready.clear();
    waiting.clear();
    size.addAndGet(-all.size());
    for (Step step : all) {
      if (!step.isOver()) {
        step.fail(why.get());
      }
    }
  }

  /** Takes no more steps. */
  void stop(Supplier<DatastoreException> why) {
    stopped = why;
    failWaiting(why);
  }
}
