package dev.kindstead.simulation.library;

import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * Which of the commits of unknown outcome may have taken effect at a time, by all that was read up
 * to there. One that has taken effect at a time has at all later ones; none has before it was sent.
 *
 * <p>A set of commits is a number with a bit for each; the sets that are possible are bits of a
 * {@link BitSet} in turn. Confined to one thread.
 */
final class OpenCommits {
  /** With more, what was read is not judged: each doubles what may be right. */
  static final int COMMITS_MAX = 6;

  private final List<Long> since;
  private long time = Long.MIN_VALUE;

  /** Sets of commits that explain everything read up to {@link #time}. */
  private BitSet possible = new BitSet();

  /** Whether something that was read can be right. */
  enum Sight {
    RIGHT,
    /** It would be, if something else had not been read. */
    RIGHT_AT_ANOTHER_TIME,
    WRONG
  }

  private OpenCommits(List<Long> since) {
    this.since = since;
    possible.set(0);
  }

  /**
   * @param since of each commit, a time at which it had certainly not taken effect
   */
  static OpenCommits of(List<Long> since) {
    return new OpenCommits(List.copyOf(since));
  }

  boolean areTooMany() {
    return since.size() > COMMITS_MAX;
  }

  /**
   * Something was read.
   *
   * @param at no earlier than what was seen before
   * @param isRight whether it is right where those commits have taken effect that it is asked for
   */
  Sight saw(long at, Predicate<IntPredicate> isRight) {
    if (at > time) {
      time = at;
      possible = grown();
    }
    BitSet right = new BitSet();
    possible.stream().filter(set -> isRight.test(commit -> has(set, commit))).forEach(right::set);
    if (!right.isEmpty()) {
      possible = right;
      return Sight.RIGHT;
    }
    for (int set = 0; set < 1 << since.size(); set++) {
      int tried = set;
      if (!possible.get(set) && isRight.test(commit -> has(tried, commit))) {
        return Sight.RIGHT_AT_ANOTHER_TIME;
      }
    }
    return Sight.WRONG;
  }

  private static boolean has(int set, int commit) {
    return (set & 1 << commit) != 0;
  }

  /** Any of the others may have taken effect since. */
  private BitSet grown() {
    BitSet more = new BitSet();
    for (int set = 0; set < 1 << since.size(); set++) {
      int of = set;
      if (maySoEarly(of) && possible.stream().anyMatch(before -> (before & ~of) == 0)) {
        more.set(of);
      }
    }
    return more;
  }

  private boolean maySoEarly(int set) {
    for (int commit = 0; commit < since.size(); commit++) {
      if (has(set, commit) && since.get(commit) >= time) {
        return false;
      }
    }
    return true;
  }
}
