package dev.kindstead.transaction;

import dev.kindstead.directory.ClusterOddities;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import dev.kindstead.replication.ReplicatedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wall clock by which the node that serves hands out timestamps: its own, while that is about
 * what the voters' clocks say; else the latest time that a majority of them has reached, carried on
 * by the monotonic clock. So one node whose clock is wrong takes the cluster neither into the
 * future, where answers are dropped and entities expire too early, nor back.
 *
 * <p>Where nobody else votes, the own clock is all there is. Thread-safe; nothing here blocks.
 */
final class VoterClocks {
  /** A voter whose clock has not come by then is asked again, or done without. */
  private static final Duration ANSWER_LIMIT = Duration.ofMillis(200);

  private static final Duration PAUSE = Duration.ofMillis(50);

  /** Without a majority no bound gets into the log either; then the own clock has to do. */
  private static final int ATTEMPTS_MAX = 10;

  private static final long APART_MICROS_MAX = ClusterOddities.CLOCKS_APART_MAX.toNanos() / 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(VoterClocks.class);

  private final ReplicatedLog system;
  private final Network network;
  private final Clock clock;
  private final Timers timers;
  private final Object lock = new Object();

  /** What is agreed on at the zero of this node's monotonic clock; null where nothing is. */
  private volatile @Nullable Long agreedMicros;

  /** Guarded by {@link #lock}. */
  private long round;

  private boolean toldApart;

  VoterClocks(ReplicatedLog system, Network network, Clock clock, Timers timers) {
    this.system = system;
    this.network = network;
    this.clock = clock;
    this.timers = timers;
  }

  /** The time now. */
  long wallMicros() {
    long own = clock.wallMicros();
    Long agreed = agreedMicros;
    if (agreed == null) {
      return own;
    }
    long expected = agreed + clock.monotonicNanos() / 1_000;
    return Math.abs(own - expected) <= APART_MICROS_MAX ? own : expected;
  }

  /**
   * Asks the other voters, of this node that leads them. Ends when the clocks of a majority are
   * known, at once where there is nobody to ask, and at the latest after some seconds.
   */
  CompletableFuture<Void> ask() {
    var known = new CompletableFuture<Void>();
    Set<String> voters = system.isAlone() ? Set.of() : system.members().voters();
    if (voters.size() <= 1) {
      agreedMicros = null;
      known.complete(null);
    } else {
      var others = new TreeSet<>(voters);
      system.leader().ifPresent(others::remove);
      long number;
      synchronized (lock) {
        number = ++round;
      }
      ask(new Asked(number, others, voters.size(), known), ATTEMPTS_MAX);
    }
    return known;
  }

  /** One question to all, and its answers so far: guarded by {@link #lock}. */
  private final class Asked {
    private final long number;
    private final Set<String> others;
    private final int voters;
    private final CompletableFuture<Void> known;

    /** What each clock says at the zero of this node's monotonic clock. */
    private final Map<String, Long> clocks = new HashMap<>();

    Asked(long number, Set<String> others, int voters, CompletableFuture<Void> known) {
      this.number = number;
      this.others = others;
      this.voters = voters;
      this.known = known;
    }

    /** The latest time that a majority has reached; null while too few are known. */
    private @Nullable Long agreed() {
      var all = new ArrayList<>(clocks.values());
      if (others.size() < voters) { // else this node is among those that are asked
        all.add(atZero(clock.wallMicros(), clock.monotonicNanos()));
      }
      int majority = voters / 2 + 1;
      all.sort(Comparator.reverseOrder());
      return all.size() < majority ? null : all.get(majority - 1);
    }
  }

  private static long atZero(long wallMicros, long nanos) {
    return wallMicros - nanos / 1_000;
  }

  private void ask(Asked asked, int attemptsLeft) {
    byte[] question = TimestampMessages.encode(new TimestampMessages.WallClock());
    long sentNanos = clock.monotonicNanos();
    var answers =
        asked.others.stream()
            .map(voter ->
                network
                    .call(voter, Network.Service.TIMESTAMPS, question, ANSWER_LIMIT)
                    .thenAccept(answer ->
                        answered(
                            asked, voter, TimestampMessages.decodeWallClock(answer), sentNanos))
                    .exceptionally(_ -> null))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(answers).thenRun(() -> over(asked, attemptsLeft - 1));
  }

  /** Its clock stood so about half-way between question and answer. */
  private void answered(Asked asked, String voter, long wallMicros, long sentNanos) {
    long halfWay = sentNanos + (clock.monotonicNanos() - sentNanos) / 2;
    boolean enough;
    synchronized (lock) {
      asked.clocks.put(voter, atZero(wallMicros, halfWay));
      Long agreed = asked.agreed();
      enough = agreed != null;
      if (enough && asked.number == round) {
        agreedMicros = agreed;
      }
    }
    if (enough) {
      asked.known.complete(null);
    }
  }

  private void over(Asked asked, int attemptsLeft) {
    if (asked.known.isDone()) {
      tell();
    } else if (!isLatest(asked)) {
      asked.known.complete(null);
    } else if (attemptsLeft > 0) {
      timers.schedule(PAUSE, () -> ask(asked, attemptsLeft));
    } else {
      LOG.warn("too few voters have told what their clocks say, so they are not compared");
      asked.known.complete(null);
    }
  }

  private boolean isLatest(Asked asked) {
    synchronized (lock) {
      return asked.number == round;
    }
  }

  private void tell() {
    Long agreed = agreedMicros;
    if (agreed == null) {
      return;
    }
    long apart = clock.wallMicros() - clock.monotonicNanos() / 1_000 - agreed;
    boolean isApart = Math.abs(apart) > APART_MICROS_MAX;
    synchronized (lock) {
      if (isApart == toldApart) {
        return;
      }
      toldApart = isApart;
    }
    if (isApart) {
      LOG.warn(
          "the wall clock of this node is {} s {} those of most voters, which timestamps follow:"
              + " set it right, and have NTP keep it",
          Math.abs(apart) / 1_000_000,
          apart > 0 ? "ahead of" : "behind");
    } else {
      LOG.info("the wall clock of this node agrees with those of most voters again");
    }
  }
}
