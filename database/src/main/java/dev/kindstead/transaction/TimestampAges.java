package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * How old timestamps really are. By their difference a minute may seem an hour: timestamps follow
 * wall clocks, which are set right at times. So what this node has heard of is noted with the
 * monotonic clock, and nothing counts as older than it has been heard of. Of the time before the
 * first note the difference is believed.
 *
 * <p>Thread-safe.
 */
final class TimestampAges {
  /** What counts as old is older than asked for by one part in so many at the most. */
  private static final int NOTES = 100;

  private record Note(long nanos, long micros) {}

  private final Clock clock;
  private final NodeTimestamps timestamps;
  private final long spacingNanos;

  /** Guarded by this; the newest first. */
  private final ArrayDeque<Note> notes = new ArrayDeque<>();

  private final long longestNanos;

  /**
   * @param longest the greatest age that is asked for
   */
  TimestampAges(Clock clock, NodeTimestamps timestamps, Duration longest) {
    this.clock = clock;
    this.timestamps = timestamps;
    longestNanos = longest.toNanos();
    spacingNanos = longestNanos / NOTES;
  }

  /** To be called from time to time: notes what was heard last. */
  synchronized void note() {
    long micros = timestamps.last();
    long nanos = timestamps.heardNanos();
    Note newest = notes.peekFirst();
    if (micros == NodeTimestamps.NONE_YET
        || (newest != null && nanos - newest.nanos() < spacingNanos)) {
      return;
    }
    notes.addFirst(new Note(nanos, micros));
    while (notes.size() > 1 && secondOldest().nanos() <= clock.monotonicNanos() - longestNanos) {
      notes.removeLast();
    }
  }

  private Note secondOldest() {
    var fromOldest = notes.descendingIterator();
    fromOldest.next();
    return fromOldest.next();
  }

  /**
   * Timestamps below this one are at least so old.
   *
   * @param now a timestamp of now
   */
  synchronized long atLeast(Duration age, long now) {
    long byDifference = now - age.toNanos() / 1_000;
    long nanos = clock.monotonicNanos();
    for (Note note : notes) {
      if (nanos - note.nanos() >= age.toNanos()) {
        return Math.min(byDifference, note.micros());
      }
    }
    Note oldest = notes.peekLast();
    if (oldest == null) {
      return byDifference;
    }
    long missingMicros = (age.toNanos() - (nanos - oldest.nanos())) / 1_000;
    return Math.min(byDifference, oldest.micros() - missingMicros);
  }
}
