package dev.kindstead.simulation;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * Simulated time: an ordered queue of events run by one thread. Events of the same instant run in
 * the order of a random number drawn when they were scheduled, so that races come out both ways,
 * yet alike for the same seed.
 */
public final class Scheduler implements Clock, Timers {
  /** 2026-01-01T00:00:00Z: the wall time at which every simulation begins. */
  private static final long EPOCH_MICROS = 1_767_225_600_000_000L;

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final RandomGenerator random;
  private long nowNanos;
  private long scheduled;
  private long wallOffsetMicros;
  private long traceHash = 0xcbf29ce484222325L;

  public Scheduler(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public long wallMicros() {
    return EPOCH_MICROS + wallOffsetMicros + nowNanos / 1_000;
  }

  @Override
  public long monotonicNanos() {
    return nowNanos;
  }

  /** Makes the wall clock jump; the monotonic clock never does. */
  public void jumpWallClock(Duration by) {
    wallOffsetMicros += by.toNanos() / 1_000;
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    Event event =
        new Event(nowNanos + Math.max(0, delay.toNanos()), random.nextInt(), scheduled++, task);
    events.add(event);
    return () -> event.cancelled = true;
  }

  /** Runs the task at this instant, after the current event. */
  public void soon(Runnable task) {
    schedule(Duration.ZERO, task);
  }

  /**
   * Runs events until {@code end}.
   *
   * @return how many events ran
   */
  public long runFor(Duration duration) {
    long end = nowNanos + duration.toNanos();
    long ran = 0;
    while (!events.isEmpty() && events.peek().atNanos <= end) {
      Event event = events.poll();
      if (event.cancelled) {
        continue;
      }
      nowNanos = event.atNanos;
      trace(event.atNanos);
      event.task.run();
      ran++;
    }
    nowNanos = end;
    return ran;
  }

  /** Folds a fact into the trace, by which two runs of one seed are compared. */
  public void trace(long fact) {
    traceHash = (traceHash ^ fact) * 0x100000001b3L;
    traceHash ^= traceHash >>> 29;
  }

  public long traceHash() {
    return traceHash;
  }

  private static final class Event implements Comparable<Event> {
    final long atNanos;
    final int tieBreak;
    final long sequence;
    final Runnable task;
    boolean cancelled;

    Event(long atNanos, int tieBreak, long sequence, Runnable task) {
      this.atNanos = atNanos;
      this.tieBreak = tieBreak;
      this.sequence = sequence;
      this.task = task;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      if (byTime != 0) {
        return byTime;
      }
      int byChance = Integer.compare(tieBreak, other.tieBreak);
      return byChance != 0 ? byChance : Long.compare(sequence, other.sequence);
    }
  }
}
