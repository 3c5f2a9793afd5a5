package dev.kindstead.simulation;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
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
  private final Set<Link> cuts = new HashSet<>();
  private final Consumer<String> probe;
  private final Consumer<String> report;
  private boolean nasty;

  private record Link(String from, String to) {}

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

  void cut(String from, String to) {
    cuts.add(new Link(from, to));
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
    return cuts.contains(new Link(from, to));
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
    return nasty && random.nextInt(LOST_IN) == 0;
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
      hit("message twice");
      carry(from, to, arrival);
    }
    carry(from, to, arrival);
  }

  private void carry(Machine from, Machine to, Runnable arrival) {
    if (isCut(from.nodeId(), to.nodeId()) || loses()) {
      return;
    }
    scheduler.schedule(
        delay(),
        () -> {
          if (!isCut(from.nodeId(), to.nodeId())) {
            to.deliver(arrival);
          }
        });
  }
}
