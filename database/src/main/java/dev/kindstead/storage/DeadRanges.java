package dev.kindstead.storage;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of CURRENT and INDEX that are known to hold no key, learnt by scans that had to step over
 * many deleted ones. A queue deletes at the head of an index; without this, every scan of the head
 * steps over all that was deleted there since the last compaction.
 *
 * <p>Ranges do not overlap. Each holds for every state from a commit on (its {@code since}, a
 * {@link RecentChanges} sequence) until now: a put into it cuts it before the put is written.
 *
 * <p>Thread rule: changed only under the lock of {@link RecentChanges}; read by any thread.
 */
final class DeadRanges {
  /** Ranges remembered for each space; the one learnt first makes way. */
  static final int RANGES_MAX = 256;

  private static final byte[] NO_BOUND = {};

  private record Range(byte[] until, long since) {
    boolean reaches(byte[] key) {
      return until.length == 0 || Arrays.compareUnsigned(key, until) < 0;
    }
  }

  private volatile @Nullable SortedTree<Range> current;
  private volatile @Nullable SortedTree<Range> index;

  boolean isEmpty(Space space) {
    return ranges(space) == null;
  }

  /**
   * Where a scan at {@code key} may go on at once.
   *
   * @param seen the scan's view contains at least the commits up to this sequence
   * @return null if nothing is known, empty if nothing follows at all
   */
  byte @Nullable [] skipForward(Space space, byte[] key, long seen) {
    SortedTree<Range> ranges = ranges(space);
    byte[] position = null;
    SortedTree<Range> range = SortedTree.atOrBefore(ranges, key, true);
    while (range != null
        && range.value().since <= seen
        && range.value().reaches(position == null ? key : position)) {
      position = range.value().until;
      range = position.length == 0 ? null : SortedTree.atOrBefore(ranges, position, true);
    }
    return position;
  }

  /**
   * A bound below {@code bound} (empty: none) so that no key lies between the two, or null if
   * nothing is known.
   *
   * @param seen the scan's view contains at least the commits up to this sequence
   */
  byte @Nullable [] skipBackward(Space space, byte[] bound, long seen) {
    SortedTree<Range> ranges = ranges(space);
    byte[] position = null;
    SortedTree<Range> range =
        bound.length == 0 ? SortedTree.last(ranges) : SortedTree.atOrBefore(ranges, bound, false);
    while (range != null
        && range.value().since <= seen
        && endsAtOrAfter(range.value(), position == null ? bound : position)) {
      position = range.key();
      range = SortedTree.atOrBefore(ranges, position, false);
    }
    return position;
  }

  /** Adds what of [from, until) is not known to be dead yet. */
  void add(Space space, byte[] from, byte[] until, long since, long applied) {
    SortedTree<Range> known = ranges(space);
    SortedTree<Range> ranges = known;
    byte[] start = from;
    SortedTree<Range> next = SortedTree.atOrBefore(known, from, true);
    if (next == null || !next.value().reaches(from)) {
      next = SortedTree.atOrAfter(known, from, true);
    }
    while (next != null && (until.length == 0 || Arrays.compareUnsigned(next.key(), until) < 0)) {
      if (Arrays.compareUnsigned(start, next.key()) < 0) {
        ranges = SortedTree.put(ranges, start, new Range(next.key(), since));
      }
      start = next.value().until;
      if (start.length == 0) {
        break;
      }
      next = SortedTree.atOrAfter(known, next.key(), false);
    }
    boolean knownToTheEnd = next != null && next.value().until.length == 0;
    if (!knownToTheEnd && (until.length == 0 || Arrays.compareUnsigned(start, until) < 0)) {
      ranges = SortedTree.put(ranges, start, new Range(until, since));
    }
    ranges = joined(ranges, from, applied);
    while (SortedTree.size(ranges) > RANGES_MAX) {
      ranges = withoutOldest(ranges);
    }
    set(space, ranges);
  }

  /** Something is put at {@code key}: it is dead no more. */
  void revive(Space space, byte[] key) {
    SortedTree<Range> ranges = ranges(space);
    SortedTree<Range> around = SortedTree.atOrBefore(ranges, key, true);
    if (around == null || !around.value().reaches(key)) {
      return;
    }
    Range range = around.value();
    SortedTree<Range> cut = SortedTree.remove(ranges, around.key());
    if (!Arrays.equals(around.key(), key)) {
      cut = SortedTree.put(cut, around.key(), new Range(key, range.since));
    }
    byte[] afterKey = Arrays.copyOf(key, key.length + 1);
    if (range.reaches(afterKey)) {
      cut = SortedTree.put(cut, afterKey, range);
    }
    set(space, cut);
  }

  /** Forgets them all. */
  void clear() {
    current = null;
    index = null;
  }

  /** Joins ranges that touch each other from {@code from} on, where every new view may use both. */
  private static @Nullable SortedTree<Range> joined(
      @Nullable SortedTree<Range> ranges, byte[] from, long applied) {
    SortedTree<Range> around = SortedTree.atOrBefore(ranges, from, true);
    if (around == null) {
      return ranges;
    }
    SortedTree<Range> result = ranges;
    byte[] second = lastTouching(result, around.key());
    SortedTree<Range> first = SortedTree.atOrBefore(result, second, false);
    while (first != null && Arrays.equals(first.value().until, second)) {
      Range later = Objects.requireNonNull(SortedTree.get(result, second));
      long since = Math.max(first.value().since, later.since);
      if (since <= applied) {
        result =
            SortedTree.put(
                SortedTree.remove(result, second), first.key(), new Range(later.until, since));
      }
      second = first.key();
      first = SortedTree.atOrBefore(result, second, false);
    }
    return result;
  }

  private static byte[] lastTouching(@Nullable SortedTree<Range> ranges, byte[] start) {
    byte[] last = start;
    Range range = SortedTree.get(ranges, start);
    while (range != null && range.until.length > 0) {
      Range next = SortedTree.get(ranges, range.until);
      if (next != null) {
        last = range.until;
      }
      range = next;
    }
    return last;
  }

  private static @Nullable SortedTree<Range> withoutOldest(@Nullable SortedTree<Range> ranges) {
    SortedTree<Range> oldest = null;
    SortedTree<Range> range = SortedTree.atOrAfter(ranges, NO_BOUND, true);
    while (range != null) {
      if (oldest == null || range.value().since < oldest.value().since) {
        oldest = range;
      }
      range = SortedTree.atOrAfter(ranges, range.key(), false);
    }
    return oldest == null ? ranges : SortedTree.remove(ranges, oldest.key());
  }

  private static boolean endsAtOrAfter(Range range, byte[] bound) {
    return range.until.length == 0
        || (bound.length > 0 && Arrays.compareUnsigned(range.until, bound) >= 0);
  }

  private @Nullable SortedTree<Range> ranges(Space space) {
    return space == Space.CURRENT ? current : index;
  }

  private void set(Space space, @Nullable SortedTree<Range> ranges) {
    if (space == Space.CURRENT) {
      current = ranges;
    } else {
      index = ranges;
    }
  }
}
