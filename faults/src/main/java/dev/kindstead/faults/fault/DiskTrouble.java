package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Pause;
import dev.kindstead.faults.machine.Shim.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * Writes or syncs of one node fail, or take their time. Its operator starts it again if need be.
 */
final class DiskTrouble implements Fault {
  private static final int DELAY_MILLIS_MIN = 50;
  private static final int DELAY_MILLIS_SPAN = 950;

  private static final Duration FELT_MAX = Duration.ofSeconds(4);

  private final Target target;
  private final Trouble trouble;
  private final Duration delay;
  private final long before;
  private long times;
  private OptionalInt exitCode = OptionalInt.empty();

  DiskTrouble(Target target, Trouble trouble) {
    this.target = target;
    this.trouble = trouble;
    delay = Duration.ofMillis(target.between(DELAY_MILLIS_MIN, DELAY_MILLIS_SPAN));
    before = target.node().shim().count(trouble);
  }

  @Override
  public void begin() {
    if (trouble != Trouble.SLOW_SYNC) {
      target.node().expectEnd();
    }
    target.node().shim().delaySyncs(delay);
    target.node().shim().begin(trouble);
    Pause.until(FELT_MAX, () -> target.node().shim().count(trouble) > before);
  }

  @Override
  public void end() {
    target.node().shim().end(trouble);
    times = target.node().shim().count(trouble) - before;
    if (trouble != Trouble.SLOW_SYNC) {
      exitCode = target.cluster().restartIfStopped(target.node());
    }
  }

  @Override
  public String effect() {
    if (times == 0) {
      return "";
    }
    return times
        + " calls"
        + (trouble == Trouble.SLOW_SYNC ? " by " + delay.toMillis() + " ms" : "");
  }

  @Override
  public List<String> anomalies() {
    return EndedBy.DISK.anomalies(target.node().number(), exitCode);
  }
}
