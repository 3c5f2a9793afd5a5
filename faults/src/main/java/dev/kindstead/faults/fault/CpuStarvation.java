package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.ControlGroup;
import dev.kindstead.faults.machine.Pause;
import java.time.Duration;

/** A node gets a small part of one processor. */
final class CpuStarvation implements Fault {
  private static final int PERIOD_MICROS = 100_000;
  private static final int QUOTA_MICROS_MIN = 2_000;
  private static final int QUOTA_MICROS_SPAN = 10_000;

  private static final Duration FELT_MAX = Duration.ofSeconds(4);

  private final Target target;
  private final int quotaMicros;
  private final ControlGroup group;
  private long throttled;

  CpuStarvation(Target target) {
    this.target = target;
    quotaMicros = target.between(QUOTA_MICROS_MIN, QUOTA_MICROS_SPAN);
    group = ControlGroup.forProcess("cpu", target.node().processId());
  }

  @Override
  public void begin() {
    group.set("cpu.cfs_period_us", PERIOD_MICROS);
    group.set("cpu.cfs_quota_us", quotaMicros);
    group.add(target.node().processId());
    Pause.until(FELT_MAX, () -> throttledSoFar() > 0);
  }

  private long throttledSoFar() {
    return group.read("cpu.stat", "nr_throttled ");
  }

  @Override
  public void end() {
    throttled = throttledSoFar();
    group.close();
  }

  @Override
  public String effect() {
    return throttled == 0
        ? ""
        : "held back %d times, %d %% of a processor"
            .formatted(throttled, quotaMicros * 100 / PERIOD_MICROS);
  }
}
