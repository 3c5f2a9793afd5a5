package dev.kindstead.storage;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.model.Invariant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What the history buckets from a snapshot's timestamp on hold that was alive then: each bucket is
 * a sorted run, read a few entries at a time with one scan that all share. Confined to one thread.
 */
final class LongSuperseded implements Superseded {
  /** Entries read ahead in each bucket. */
  private static final int AHEAD = 16;

  private record Found(byte[] key, byte[] value) {}

  private final long timestamp;
  private final boolean reverse;
  private final OrderedStore.Scan scan;
  private final PriorityQueue<Run> runs;

  LongSuperseded(
      OrderedStore.View view,
      Iterable<Long> buckets,
      long timestamp,
      Space space,
      byte[] from,
      byte[] until,
      boolean reverse) {
    this.timestamp = timestamp;
    this.reverse = reverse;
    byte[] oldest = HistoryKeys.bucketStart(HistoryKeys.bucket(timestamp));
    scan = view.scan(Space.HISTORY, oldest, new byte[0], reverse);
    Comparator<Run> order =
        Comparator.comparing(run -> run.ahead.getFirst().key, ByteOrder.UNSIGNED);
    runs = new PriorityQueue<>(reverse ? order.reversed() : order);
    try {
      for (long bucket : buckets) {
        byte[] low = HistoryKeys.lowerBound(bucket, space, from);
        byte[] high = HistoryKeys.upperBound(bucket, space, until);
        addUnlessAtEnd(new Run(low, high));
      }
    } catch (RuntimeException | Error failure) {
      scan.close();
      throw failure;
    }
  }

  @Override
  public byte @Nullable [] key() {
    Run first = runs.peek();
    return first == null ? null : first.ahead.getFirst().key;
  }

  @Override
  public byte[] value() {
    Run first = runs.peek();
    if (first == null) {
      throw Invariant.broken("a scan is read only where it is valid");
    }
    return first.ahead.getFirst().value;
  }

  @Override
  public void next() {
    Run first = runs.remove();
    first.ahead.removeFirst();
    addUnlessAtEnd(first);
  }

  @Override
  public void close() {
    scan.close();
  }

  private void addUnlessAtEnd(Run run) {
    if (run.ahead.isEmpty()) {
      run.readAhead();
    }
    if (!run.ahead.isEmpty()) {
      runs.add(run);
    }
  }

  /** One bucket's part of the range. */
  private final class Run {
    private final byte[] low;
    private final byte[] high;
    private final Deque<Found> ahead = new ArrayDeque<>(AHEAD);

    /** The last history key read, null before the first. */
    private byte @Nullable [] last;

    private boolean atEnd;

    Run(byte[] low, byte[] high) {
      this.low = low;
      this.high = high;
    }

    void readAhead() {
      if (atEnd) {
        return;
      }
      scan.seek(last != null ? last : reverse ? high : low);
      if (scan.isValid() && last != null && Arrays.equals(scan.key(), last)) {
        scan.next();
      }
      while (scan.isValid() && ahead.size() < AHEAD) {
        byte[] key = scan.key();
        if (!RecentChanges.isWithin(key, low, high)) {
          break;
        }
        last = key;
        if (HistoryKeys.until(key) > timestamp) {
          byte[] value = scan.value();
          if (Rows.from(value) <= timestamp) {
            ahead.add(new Found(HistoryKeys.plainKey(key), value));
          }
        }
        scan.next();
      }
      atEnd = ahead.size() < AHEAD;
    }
  }
}
