package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Pause;
import dev.kindstead.faults.workload.Workload;
import java.time.Duration;
import java.util.List;

/**
 * Ten times as many clients, which never pause. When they are gone, it must be as it was before.
 */
final class Overload implements Fault {
  private static final int TIMES = 10;
  private static final Duration RECOVERY_MAX = Duration.ofSeconds(10);
  private static final Duration WINDOW = Duration.ofSeconds(2);

  /**
   * Of the acknowledgements before: the faults, and other programs of this machine, make it vary.
   */
  private static final double RECOVERED_SHARE = 0.5;

  private final Workload workload;
  private double before;
  private double during;
  private double after;
  private long begunNanos;
  private long begunCount;
  private long recoveredMillis = -1;

  Overload(Target target) {
    workload = target.workload();
  }

  @Override
  public void begin() {
    before = ratePerSecond();
    begunNanos = System.nanoTime();
    begunCount = workload.notes().acknowledgedCount();
    workload.beginOverload(TIMES * Workload.clientsAtRest());
  }

  private double ratePerSecond() {
    long count = workload.notes().acknowledgedCount();
    Pause.of(WINDOW);
    return (workload.notes().acknowledgedCount() - count) * 1e9 / WINDOW.toNanos();
  }

  @Override
  public void end() {
    during =
        (workload.notes().acknowledgedCount() - begunCount)
            * 1e9
            / (System.nanoTime() - begunNanos);
    workload.endOverload();
    long endedNanos = System.nanoTime();
    while (recoveredMillis < 0 && System.nanoTime() - endedNanos < RECOVERY_MAX.toNanos()) {
      after = ratePerSecond();
      if (after >= before * RECOVERED_SHARE) {
        recoveredMillis = (System.nanoTime() - endedNanos) / 1_000_000;
      }
    }
  }

  @Override
  public String effect() {
    return "%d more clients, %.0f acknowledged/s, before %.0f, recovered after %d ms"
        .formatted(TIMES * Workload.clientsAtRest(), during, before, recoveredMillis);
  }

  @Override
  public List<String> anomalies() {
    return recoveredMillis >= 0
        ? List.of()
        : List.of(
            "no recovery: %.0f acknowledged/s %d s after overload, %.0f before"
                .formatted(after, RECOVERY_MAX.toSeconds(), before));
  }
}
