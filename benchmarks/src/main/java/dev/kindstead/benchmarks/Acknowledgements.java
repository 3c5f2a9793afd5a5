package dev.kindstead.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.LongStream;

/** When a writer's writes were acknowledged, by the monotonic clock, in order. Thread-safe. */
final class Acknowledgements {
  private long[] nanos = new long[1024];
  private int count;

  synchronized void add(long atNanos) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = atNanos;
  }

  private synchronized long[] all() {
    return Arrays.copyOf(nanos, count);
  }

  /**
   * The longest time in which none of the writers got an acknowledgement, of those times that ended
   * after {@code sinceNanos}; zero when none ended.
   */
  static long longestGapNanos(Collection<Acknowledgements> writers, long sinceNanos) {
    long[] sorted =
        writers.stream().flatMapToLong(each -> LongStream.of(each.all())).sorted().toArray();
    long longest = 0;
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] > sinceNanos) {
        longest = Math.max(longest, sorted[i] - sorted[i - 1]);
      }
    }
    return longest;
  }
}
