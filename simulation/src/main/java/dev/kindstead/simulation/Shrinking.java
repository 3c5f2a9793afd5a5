package dev.kindstead.simulation;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.SystemClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks for a smaller run that fails too: fewer kinds of faults, fewer clients, a shorter life.
 * What is left out changes all that comes after it, so each step is tried, and kept if the run
 * fails.
 *
 * <p>Confined to one thread.
 */
final class Shrinking {
  /** Runs, and the time for them: a failure shows in the first dozens or not at all. */
  private static final int TRIES_MAX = 60;

  private static final Duration SHORTEST = Duration.ofSeconds(2);

  private static final Clock CLOCK = new SystemClock();
  private static final Duration TIME_MAX = Duration.ofMinutes(1);

  private final long began = CLOCK.monotonicNanos();
  private WorldVerdict smallest;
  private int tries;

  private Shrinking(WorldVerdict failed) {
    smallest = failed;
  }

  /** The smallest failure that was found, which may be the one that is known. */
  static WorldVerdict of(WorldVerdict failed) {
    var shrinking = new Shrinking(failed);
    WorldVerdict before;
    do {
      before = shrinking.smallest;
      shrinking.shorten();
      shrinking.dropFaults();
      shrinking.dropClients();
    } while (before != shrinking.smallest && shrinking.tries < TRIES_MAX);
    return shrinking.smallest;
  }

  private boolean fails(WorldOptions options) {
    long took = CLOCK.monotonicNanos() - began;
    if (tries++ >= TRIES_MAX || took > TIME_MAX.toNanos()) {
      return false;
    }
    WorldVerdict verdict = new World(options).run();
    // A run can be too short to be valid, and yet show what is wrong.
    boolean alike = smallest.anomalies().isEmpty() || !verdict.anomalies().isEmpty();
    if (alike && !verdict.passed()) {
      smallest = verdict;
      return true;
    }
    return false;
  }

  private void shorten() {
    WorldOptions now = smallest.options();
    for (int parts = 4; parts >= 2; parts--) {
      Duration shorter = millis(now.life().duration().multipliedBy(parts - 1).dividedBy(parts));
      while (shorter.compareTo(SHORTEST) > 0 && fails(now.withDuration(shorter))) {
        now = smallest.options();
        shorter = millis(now.life().duration().dividedBy(2));
      }
    }
  }

  /** As it can be given to the command. */
  private static Duration millis(Duration duration) {
    return Duration.ofMillis(duration.toMillis());
  }

  private void dropFaults() {
    Set<String> kinds = new TreeSet<>(smallest.options().faults());
    if (kinds.isEmpty()) {
      kinds.addAll(Faults.kinds(smallest.options()));
    }
    List<String> all = new ArrayList<>(kinds);
    for (int size = all.size() / 2; size >= 1; size /= 2) {
      for (int from = 0; from < all.size(); from += size) {
        Set<String> fewer = new TreeSet<>(kinds);
        all.subList(from, Math.min(all.size(), from + size)).forEach(fewer::remove);
        if (!fewer.isEmpty() && fewer.size() < kinds.size() && fails(with(fewer))) {
          kinds = fewer;
        }
      }
    }
  }

  private WorldOptions with(Set<String> kinds) {
    return smallest.options().withFaults(kinds);
  }

  private void dropClients() {
    WorldOptions now = smallest.options();
    if (now.crowd().readers() > 0 && fails(now.withClients(now.crowd().clients(), 0))) {
      now = smallest.options();
    }
    while (now.crowd().clients() > 1
        && fails(now.withClients(now.crowd().clients() / 2, now.crowd().readers()))) {
      now = smallest.options();
    }
  }
}
