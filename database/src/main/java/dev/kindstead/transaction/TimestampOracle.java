package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The source of timestamps: unique, increasing, in microseconds, close to wall time (design D6).
 *
 * <p>It hands out only what lies below a bound that the system group's log holds, so that after a
 * restart, or with a clock set back, it goes on above everything it ever handed out. The bound is
 * moved ahead of need while there is use, and lapses when idle.
 *
 * <p>Where another node may become the oracle, it hands out timestamps only under a lease (rule 4),
 * which the entry of each bound grants.
 *
 * <p>Thread-safe; never blocks. What hands out timestamps fails with UNAVAILABLE while another node
 * is the oracle.
 */
final class TimestampOracle {
  /** How far ahead a new bound lies where no other node may become the oracle. */
  private static final long WINDOW_MICROS = Duration.ofSeconds(3).toNanos() / 1_000;

  /**
   * The same under a lease: what lies beyond its end needs another one, with another bound. The
   * next oracle goes on above the bound, so with a farther one its timestamps would be ahead of the
   * clock, and a read as of "now" would miss what was just written.
   */
  private static final long LEASED_WINDOW_MICROS = OracleLease.LENGTH.toNanos() / 1_000;

  /** The wall clock may run this much ahead of the last bound plus the time since. */
  private static final long JUMP_MICROS_MAX = Duration.ofMinutes(1).toNanos() / 1_000;

  /** A wall clock that is further ahead is followed by one part in so many of the time. */
  private static final int CATCH_UP = 10;

  private record Anchor(long micros, long monotonicNanos) {}

  /**
   * The lease that is held, and the one that the bound on its way would grant.
   *
   * @param held null before the first
   */
  private record Leasing(@Nullable OracleLease held, OracleLease asked) {}

  private final Clock clock;
  private final LongSupplier wallMicros;
  private final AtomicLong last = new AtomicLong();
  private final Object lock = new Object();
  private final List<Runnable> waiting = new ArrayList<>();
  private volatile long bound;
  private volatile Anchor anchor;
  private volatile boolean extending;
  private volatile boolean running;

  /** Whether no timestamp is handed out any more. */
  private volatile boolean frozen;

  /** Null where none is needed. */
  private volatile @Nullable Leasing leasing;

  private volatile long startedAbove;
  private LongConsumer extension = _ -> {};

  /**
   * @param clock judges leases
   * @param wallMicros the time that timestamps keep close to
   */
  TimestampOracle(Clock clock, LongSupplier wallMicros) {
    this.clock = clock;
    this.wallMicros = wallMicros;
    anchor = new Anchor(wallMicros.getAsLong(), clock.monotonicNanos());
  }

  /**
   * Goes on above the bound that was replicated before.
   *
   * @param leased whether another node may become the oracle; if so, the former one's lease is over
   * @param extension puts a new bound into the log, then calls {@link #extended}
   */
  void start(long replicatedBound, boolean leased, LongConsumer extension) {
    synchronized (lock) {
      last.set(replicatedBound);
      startedAbove = replicatedBound;
      bound = replicatedBound;
      this.extension = extension;
      anchor =
          new Anchor(Math.max(replicatedBound, wallMicros.getAsLong()), clock.monotonicNanos());
      leasing = leased ? new Leasing(null, OracleLease.from(clock)) : null;
      extending = false;
      running = true;
    }
    extend();
  }

  /** Whether this node is the oracle, though it may have to be waited for. */
  boolean isRunning() {
    return running;
  }

  /** Another node may become the oracle from now on; until a lease is granted nobody is served. */
  void requireLease() {
    synchronized (lock) {
      if (!running || leasing != null) {
        return;
      }
      leasing = new Leasing(null, OracleLease.from(clock));
    }
    extend();
  }

  /** Another node is the oracle: no timestamps until the next start. */
  void stop() {
    List<Runnable> told;
    synchronized (lock) {
      running = false;
      bound = 0;
      extending = false;
      told = takeWaiting();
    }
    told.forEach(Runnable::run);
  }

  /**
   * There will be no other bound: the log has failed, and no other node can be the oracle. So
   * nothing can be committed any more, and all that was may be read at the last timestamp.
   */
  void freeze() {
    List<Runnable> told;
    synchronized (lock) {
      frozen = true;
      extending = false;
      told = takeWaiting();
    }
    told.forEach(Runnable::run);
  }

  /**
   * Takes {@code count} timestamps in a row.
   *
   * @return the first, or zero when the bound has lapsed: see {@link #whenReady}
   */
  long next(int count) {
    if (frozen) {
      throw TransactionErrors.noTimestamps();
    }
    while (true) {
      long before = last.get();
      long first = Math.max(before + 1, now());
      long end = first + count - 1;
      if (!isWithin(end)) {
        return 0;
      }
      if (last.compareAndSet(before, end)) {
        return holdsLease() ? first : 0;
      }
    }
  }

  /**
   * A timestamp to read at: not below any handed out, and all handed out later are above it.
   *
   * @return zero when the bound has lapsed: see {@link #whenReady}
   */
  long read() {
    if (frozen) {
      return last.get();
    }
    while (true) {
      long before = last.get();
      long at = Math.max(before, now());
      if (!isWithin(at)) {
        return 0;
      }
      if (at == before || last.compareAndSet(before, at)) {
        return holdsLease() ? at : 0;
      }
    }
  }

  /** The greatest timestamp handed out or read at so far. */
  long last() {
    return last.get();
  }

  /** Every timestamp of this process is above this one, every earlier process's is not. */
  long startedAbove() {
    return startedAbove;
  }

  private boolean isWithin(long timestamp) {
    long left = bound - timestamp;
    if (left <= windowMicros() / 2) { // moved on in the background
      extend();
      return bound > timestamp;
    }
    return true;
  }

  private long windowMicros() {
    return leasing == null ? WINDOW_MICROS : LEASED_WINDOW_MICROS;
  }

  /** To be asked after a timestamp is chosen: held then, the lease has covered the choice. */
  private boolean holdsLease() {
    Leasing now = leasing;
    if (now == null) {
      return true;
    }
    OracleLease held = now.held();
    if (held == null || !held.isHeld(clock)) {
      extend();
      return false;
    }
    if (held.isToBeRenewed(clock)) {
      extend();
    }
    return running;
  }

  /** Wall time, unless that has jumped ahead. */
  private long now() {
    Anchor since = anchor;
    long elapsedMicros = (clock.monotonicNanos() - since.monotonicNanos()) / 1_000;
    return Math.min(wallMicros.getAsLong(), since.micros() + elapsedMicros + JUMP_MICROS_MAX);
  }

  /** Not from what was handed out: each bound would let a clock that is wrong gain its minute. */
  private Anchor laterAnchor() {
    Anchor since = anchor;
    long nanos = clock.monotonicNanos();
    long elapsedMicros = (nanos - since.monotonicNanos()) / 1_000;
    long passed = since.micros() + elapsedMicros + elapsedMicros / CATCH_UP;
    return new Anchor(Math.max(since.micros(), Math.min(wallMicros.getAsLong(), passed)), nanos);
  }

  private void extend() {
    if (extending || frozen) {
      return;
    }
    synchronized (lock) {
      if (!running) {
        throw TransactionErrors.notLed();
      }
      if (extending) {
        return;
      }
      extending = true;
      Leasing before = leasing;
      if (before != null) {
        leasing = new Leasing(before.held(), OracleLease.from(clock));
      }
    }
    extension.accept(Math.max(last.get(), now()) + windowMicros());
  }

  /**
   * The log holds a new bound, or does not.
   *
   * @param upTo zero when there was no agreement on one
   */
  void extended(long upTo) {
    List<Runnable> ready;
    synchronized (lock) {
      if (!running) {
        return;
      }
      Leasing granted = leasing;
      if (granted != null && upTo > 0) {
        leasing = new Leasing(granted.asked(), granted.asked());
      }
      if (upTo > bound) {
        anchor = laterAnchor();
        bound = upTo;
      }
      extending = false;
      ready = takeWaiting();
    }
    ready.forEach(Runnable::run);
  }

  /** Under the lock; to be run outside of it. */
  private List<Runnable> takeWaiting() {
    List<Runnable> taken = List.copyOf(waiting);
    waiting.clear();
    return taken;
  }

  /** Runs the task once there may be timestamps again; it has to ask again, and may fail again. */
  void whenReady(Runnable task) {
    synchronized (lock) {
      if (extending) {
        waiting.add(task);
        return;
      }
    }
    task.run();
  }
}
