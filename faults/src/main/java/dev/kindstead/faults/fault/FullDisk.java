package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.LoopDisk;
import dev.kindstead.faults.machine.Pause;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** A file system gets full: to the last block, or so far that the node refuses writes by itself. */
final class FullDisk implements Fault {
  /** Less than the headroom that the nodes are started with, more than half of it. */
  private static final long ALMOST_BYTES = 40L << 20;

  private static final String REFUSES = "kindstead_writes_refused 1.0";

  /** The node looks every second. */
  private static final Duration REFUSED_MAX = Duration.ofSeconds(5);

  private final Target target;
  private final long leftBytes;
  private final LoopDisk disk;
  private String shown = "";
  private OptionalInt exitCode = OptionalInt.empty();

  private FullDisk(Target target, long leftBytes) {
    this.target = target;
    this.leftBytes = leftBytes;
    disk =
        target.node().loopDisk().orElseThrow(() -> new IllegalStateException("no disk of its own"));
  }

  static Fault whole(Target target) {
    return new FullDisk(target, 0);
  }

  static Fault almost(Target target) {
    return new FullDisk(target, ALMOST_BYTES);
  }

  @Override
  public void begin() {
    if (leftBytes == 0) {
      target.node().expectEnd();
    }
    long left = disk.fill(leftBytes);
    if (leftBytes == 0) {
      shown = disk.takesWrites() ? "" : "no space left, " + left + " bytes usable";
    } else if (Pause.until(
        REFUSED_MAX, () -> target.cluster().metrics(target.node()).contains(REFUSES))) {
      shown = "refuses writes, " + left + " bytes usable";
    }
  }

  @Override
  public void end() {
    disk.empty();
    if (leftBytes == 0) {
      exitCode = target.cluster().restartIfStopped(target.node());
    }
  }

  @Override
  public String effect() {
    return shown;
  }

  @Override
  public List<String> anomalies() {
    return EndedBy.DISK.anomalies(target.node().number(), exitCode);
  }
}
