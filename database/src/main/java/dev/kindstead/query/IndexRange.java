package dev.kindstead.query;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.EntrySuffix;
import dev.kindstead.model.Bytes;
import dev.kindstead.storage.Space;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adjacent entries of one index, or rows of a partition: a prefix, behind it the components of a
 * suffix. What comes first and last is said in the order of the query, whichever way the bytes are
 * walked for it. Immutable.
 *
 * @param reverse whether the greatest bytes come first in the query's order
 * @param within where each component of the suffix must lie; one union for each
 */
record IndexRange(
    IndexSource source,
    Space space,
    Bytes prefix,
    EntrySuffix suffix,
    boolean reverse,
    List<List<Interval>> within) {

  /**
   * A gap between entries: before or after all those whose suffix begins so.
   *
   * @param components the first ones of a suffix, perhaps none
   */
  record Edge(byte[][] components, boolean after) {}

  /** The index as explanations call it. */
  IndexUse use() {
    return source.use(reverse);
  }

  /** Whether greater components come first in the query's order. */
  boolean isDescending(int component) {
    return suffix.isDescending(component) != reverse;
  }

  /** Whether its entries may have components that must not be. */
  boolean isRestricted() {
    for (List<Interval> union : within) {
      if (!union.getFirst().isAll()) {
        return true;
      }
    }
    return false;
  }

  /** All of it; no entry outside has all its components where they must lie. */
  Interval bounds() {
    Interval bounds = new Interval(prefix.array(), ByteOrder.afterPrefix(prefix.array()));
    return bounds.intersect(boundsOf(Interval.hull(within.getFirst())));
  }

  /** What of it lies between two edges; null for none. */
  Interval between(@Nullable Edge from, @Nullable Edge until) {
    Interval bounds = bounds();
    Edge low = reverse ? until : from;
    Edge high = reverse ? from : until;
    if (low != null) {
      bounds = bounds.intersect(new Interval(at(low, low.after() != reverse), Interval.UNBOUNDED));
    }
    if (high != null) {
      bounds =
          bounds.intersect(new Interval(Interval.UNBOUNDED, at(high, high.after() != reverse)));
    }
    return bounds;
  }

  /** The smallest bytes behind, or at, those that begin with the components. */
  private byte[] at(Edge edge, boolean behind) {
    byte[] bytes = suffix.join(prefix.array(), edge.components());
    if (!behind) {
      return bytes;
    }
    return edge.components().length == suffix.size()
        ? ByteOrder.after(bytes) // a path also begins the paths below it
        : ByteOrder.afterPrefix(bytes);
  }

  /** Where the bytes lie whose first component lies in the interval; of paths perhaps more. */
  Interval boundsOf(Interval first) {
    boolean isPath = suffix.size() == 1;
    if (!suffix.isDescending(0)) {
      return (isPath && suffix.composite() ? first.ended() : first).behind(prefix.array());
    }
    if (isPath) {
      // The end of an inverted path decides where a path stands that begins another.
      return Interval.ALL.behind(prefix.array());
    }
    return new Interval(afterInverted(first.until()), afterInverted(first.from()))
        .behind(prefix.array());
  }

  /** Behind all that begins with the bytes, inverted; no whole value begins another's bound. */
  private static byte[] afterInverted(byte[] bytes) {
    return ByteOrder.afterPrefix(EntrySuffix.inverted(bytes));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(source.toString());
    for (int i = 0; i < within.size(); i++) {
      if (!within.get(i).equals(Interval.EVERYTHING)) {
        text.append(i == within.size() - 1 ? " keys " : " values ").append(within.get(i));
      }
    }
    return text.toString();
  }
}
