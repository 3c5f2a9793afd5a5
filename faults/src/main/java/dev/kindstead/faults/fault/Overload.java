package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Cluster;
import dev.kindstead.faults.machine.Node;
import dev.kindstead.faults.machine.Pause;
import dev.kindstead.faults.machine.ProcessorTime;
import dev.kindstead.faults.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Ten times as many clients, which never pause. When they are gone, it must be as it was before,
 * within seconds. Where the rate before was not steady, or programs that are none of the run's take
 * more of the processors afterwards than before, nobody can say whether it is: then it has no
 * effect, and does not count.
 */
final class Overload implements Fault {
  private static final int TIMES = 10;
  private static final Duration RECOVERY_MAX = Duration.ofSeconds(10);
  private static final Duration WINDOW = Duration.ofSeconds(2);

  /** Of the rate before: as many windows as the recovery may have. */
  private static final int WINDOWS_BEFORE = 5;

  private static final double RECOVERED_SHARE = 0.95;

  /** The slowest window before, of the mean, for which the mean says something. */
  private static final double STEADY_SHARE = 0.7;

  /** Of all processors: as much more for others leaves less than the recovered share for us. */
  private static final double OTHERS_MORE_MAX = 1 - RECOVERED_SHARE;

  private final Workload workload;
  private final Cluster cluster;
  private double before;
  private double slowestBefore;
  private double during;
  private double after;
  private long begunNanos;
  private long begunCount;
  private long recoveredMillis = -1;
  private double othersBefore;
  private double othersAfter;

  Overload(Target target) {
    workload = target.workload();
    cluster = target.cluster();
  }

  @Override
  public void begin() {
    ProcessorTime began = processorTime();
    double[] rates = DoubleStream.generate(this::ratePerSecond).limit(WINDOWS_BEFORE).toArray();
    othersBefore = processorTime().othersSince(began);
    before = DoubleStream.of(rates).average().orElse(0);
    slowestBefore = DoubleStream.of(rates).min().orElse(0);
    begunNanos = System.nanoTime();
    begunCount = workload.notes().acknowledgedCount();
    workload.beginOverload(TIMES * Workload.clientsAtRest());
  }

  /** Of the nodes, and of their clients, which run here. */
  private ProcessorTime processorTime() {
    return ProcessorTime.of(
        Stream.concat(
            Stream.of(ProcessHandle.current().pid()),
            cluster.nodes().stream().filter(Node::isRunning).map(Node::processId)));
  }

  /** Of those who are there before and after: the others' last answers are no recovery. */
  private double ratePerSecond() {
    long count = workload.notes().acknowledgedToUsual();
    Pause.of(WINDOW);
    return (workload.notes().acknowledgedToUsual() - count) * 1e9 / WINDOW.toNanos();
  }

  @Override
  public void end() {
    during =
        (workload.notes().acknowledgedCount() - begunCount)
            * 1e9
            / (System.nanoTime() - begunNanos);
    workload.endOverload();
    long endedNanos = System.nanoTime();
    ProcessorTime ended = processorTime();
    while (recoveredMillis < 0 && System.nanoTime() - endedNanos < RECOVERY_MAX.toNanos()) {
      double rate = ratePerSecond();
      after = Math.max(after, rate);
      if (rate >= before * RECOVERED_SHARE) {
        recoveredMillis = (System.nanoTime() - endedNanos) / 1_000_000;
      }
    }
    othersAfter = processorTime().othersSince(ended);
  }

  private boolean isRecovered() {
    return recoveredMillis >= 0;
  }

  private boolean canBeJudged() {
    return isRecovered()
        || (slowestBefore >= before * STEADY_SHARE
            && othersAfter - othersBefore <= OTHERS_MORE_MAX);
  }

  @Override
  public String effect() {
    if (!canBeJudged()) {
      return "";
    }
    return "%d more clients, %.0f acknowledged/s, before %.0f, %s"
        .formatted(
            TIMES * Workload.clientsAtRest(),
            during,
            before,
            isRecovered() ? "recovered after " + recoveredMillis + " ms" : "not recovered");
  }

  @Override
  public List<String> anomalies() {
    return isRecovered() || !canBeJudged()
        ? List.of()
        : List.of(
            "no recovery: at most %.0f acknowledged/s within %d s after overload, %.0f before; others took %.0f %% of the processors, %.0f %% before"
                .formatted(
                    after,
                    RECOVERY_MAX.toSeconds(),
                    before,
                    othersAfter * 100,
                    othersBefore * 100));
  }
}
