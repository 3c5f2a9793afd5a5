package dev.kindstead.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The wires between machines: each direction of each pair delays, loses now and then, and can be
 * cut. Confined to the scheduler's thread.
 */
public final class Links {
  private static final Duration DELAY_MAX = Duration.ofMillis(2);
  private static final Duration LONG_DELAY_MAX = Duration.ofMillis(60);

  /** One message in so many is slow, or lost. */
  private static final int SLOW_IN = 40;

  private static final int LOST_IN = 300;

  private static final int TWICE_IN = 100;
  private static final int ANSWERED_TOO_LATE_IN = 1_000;

  private final Scheduler scheduler;
  private final RandomGenerator random;
  private final Map<Link, Cut> cuts = new HashMap<>();

  /** Of each direction, when the latest message that has arrived was sent, by number. */
  private final Map<Link, Long> arrived = new HashMap<>();

  private long sent;
  private final Consumer<String> probe;
  private final Consumer<String> report;
  private boolean nasty;

  private record Link(String from, String to) {}

  /** What a direction is cut by, and whether that has kept anything from arriving. */
  private static final class Cut {
    final String fault;
    boolean isFelt;

    Cut(String fault) {
      this.fault = fault;
    }
  }

  public Links(Scheduler scheduler, RandomGenerator random, boolean nasty) {
    this(
        scheduler,
        random,
        nasty,
        _ -> {},
        anomaly -> {
          throw new AssertionError(anomaly);
        });
  }

  /**
   * @param probe told what happened that is worth testing
   * @param report told of anomalies
   */
  Links(
      Scheduler scheduler,
      RandomGenerator random,
      boolean nasty,
      Consumer<String> probe,
      Consumer<String> report) {
    this.scheduler = scheduler;
    this.random = random;
    this.nasty = nasty;
    this.probe = probe;
    this.report = report;
  }

  void hit(String what) {
    probe.accept(what);
  }

  void report(String anomaly) {
    report.accept(anomaly);
  }

  /**
   * Cuts one direction.
   *
   * @param fault hit as a probe once something is lost by it
   */
  void cut(String fault, String from, String to) {
    cuts.put(new Link(from, to), new Cut(fault));
  }

  void mend(String from, String to) {
    cuts.remove(new Link(from, to));
  }

  /** Mends all cuts; from now on links only delay. */
  void heal() {
    cuts.clear();
    nasty = false;
  }

  boolean isCut(String from, String to) {
    return cuts.containsKey(new Link(from, to));
  }

  /** The same of something that is on its way there, and is lost if so. */
  boolean stops(String from, String to) {
    Cut cut = cuts.get(new Link(from, to));
    if (cut != null && !cut.isFelt) {
      cut.isFelt = true;
      hit(cut.fault);
    }
    return cut != null;
  }

  /** Whether two machines can talk, which takes both directions. */
  boolean isWhole(String one, String other) {
    return !isCut(one, other) && !isCut(other, one);
  }

  Duration delay() {
    Duration max = nasty && random.nextInt(SLOW_IN) == 0 ? LONG_DELAY_MAX : DELAY_MAX;
    return Duration.ofNanos(random.nextLong(max.toNanos()));
  }

  boolean loses() {
    boolean loses = nasty && random.nextInt(LOST_IN) == 0;
    if (loses) {
      hit("message lost");
    }
    return loses;
  }

  /** Whether an answer comes when nobody waits for it any more, over a connection that is whole. */
  boolean answersTooLate() {
    return nasty && random.nextInt(ANSWERED_TOO_LATE_IN) == 0;
  }

  /**
   * Carries one message, or not, or twice; messages overtake each other. That is more than any
   * engine has to bear on the product's transport, which delivers a request at most once and in
   * order: there only what an engine sends again itself comes twice.
   */
  void send(Machine from, Machine to, Runnable arrival) {
    if (nasty && random.nextInt(TWICE_IN) == 0) {
      var times = new int[1];
      Runnable counted =
          () -> {
            if (++times[0] == 2) {
              hit("message twice");
            }
            arrival.run();
          };
      carry(from, to, counted);
      carry(from, to, counted);
    } else {
      carry(from, to, arrival);
    }
  }

  private void carry(Machine from, Machine to, Runnable arrival) {
    if (stops(from.nodeId(), to.nodeId()) || loses()) {
      return;
    }
    long number = ++sent;
    Duration delay = delay();
    scheduler.schedule(
        delay,
        () -> {
          if (!stops(from.nodeId(), to.nodeId())) {
            to.deliver(() -> {
              note(new Link(from.nodeId(), to.nodeId()), number, delay);
              arrival.run();
            });
          }
        });
  }

  private void note(Link link, long number, Duration delay) {
    if (delay.compareTo(DELAY_MAX) > 0) {
      hit("message late");
    }
    if (arrived.merge(link, number, Math::max) != number) {
      hit("message overtaken");
    }
  }
}
