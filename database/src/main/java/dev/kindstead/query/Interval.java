package dev.kindstead.query;

import dev.kindstead.encoding.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A range of encoded values or paths, [from, until); an empty until means no upper bound. Unions of
 * them are lists, sorted and disjoint. Immutable.
 */
record Interval(byte[] from, byte[] until) {
  static final byte[] UNBOUNDED = new byte[0];
  static final Interval ALL = new Interval(UNBOUNDED, UNBOUNDED);
  static final List<Interval> EVERYTHING = List.of(ALL);

  /** Everything that starts with {@code prefix}. */
  static Interval startingWith(byte[] prefix) {
    return new Interval(prefix, ByteOrder.afterPrefix(prefix));
  }

  /** These bytes alone. */
  static Interval only(byte[] bytes) {
    return new Interval(bytes, ByteOrder.after(bytes));
  }

  boolean isAll() {
    return from.length == 0 && until.length == 0;
  }

  /** Whether it has one element only. */
  boolean isSingle() {
    return Arrays.equals(until, ByteOrder.after(from));
  }

  boolean isEmpty() {
    return until.length > 0 && Arrays.compareUnsigned(from, until) >= 0;
  }

  boolean contains(byte[] bytes) {
    return Arrays.compareUnsigned(bytes, from) >= 0
        && (until.length == 0 || Arrays.compareUnsigned(bytes, until) < 0);
  }

  Interval intersect(Interval other) {
    byte[] low = Arrays.compareUnsigned(from, other.from) >= 0 ? from : other.from;
    return new Interval(low, untilFirst(this, other) ? until : other.until);
  }

  /** The same of paths that a byte ends, which sorts before all that goes on in a path. */
  Interval ended() {
    return new Interval(
        from.length == 0 ? from : ByteOrder.after(from),
        until.length == 0 ? until : ByteOrder.after(until));
  }

  /** This range behind a common prefix: the bounds of a scan. */
  Interval behind(byte[] prefix) {
    return new Interval(
        concat(prefix, from),
        until.length == 0 ? ByteOrder.afterPrefix(prefix) : concat(prefix, until));
  }

  static byte[] concat(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  static boolean contains(List<Interval> union, byte[] bytes) {
    for (int i = 0; i < union.size(); i++) {
      if (union.get(i).contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  static List<Interval> intersect(List<Interval> left, List<Interval> right) {
    List<Interval> both = new ArrayList<>();
    for (Interval one : left) {
      for (Interval other : right) {
        Interval common = one.intersect(other);
        if (!common.isEmpty()) {
          both.add(common);
        }
      }
    }
    return both;
  }

  /** The smallest interval around all of them; at least one. */
  static Interval hull(List<Interval> intervals) {
    Interval hull = intervals.getFirst();
    for (Interval each : intervals) {
      byte[] low = Arrays.compareUnsigned(hull.from, each.from) <= 0 ? hull.from : each.from;
      hull = new Interval(low, untilFirst(hull, each) ? each.until : hull.until);
    }
    return hull;
  }

  private static boolean untilFirst(Interval left, Interval right) {
    return right.until.length == 0
        || (left.until.length > 0 && Arrays.compareUnsigned(left.until, right.until) <= 0);
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return isAll()
        ? "all"
        : "["
            + hex.formatHex(from)
            + ", "
            + (until.length == 0 ? "end" : hex.formatHex(until))
            + ")";
  }
}
