package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.ControlGroup;
import dev.kindstead.faults.machine.Pause;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * A node may have hardly more memory than it has: the system takes its cached pages first, and
 * kills it when that is not enough. Started again in the end if so.
 */
final class MemoryLimit implements Fault {
  private static final long MORE_BYTES = 256 << 10;
  private static final Duration TAKEN_MAX = Duration.ofSeconds(2);
  private static final Duration FELT_MAX = Duration.ofSeconds(4);

  private final Target target;
  private final ControlGroup group;
  private final long before;
  private final long killsBefore;
  private long moreBytes;
  private long refused;
  private OptionalInt exitCode = OptionalInt.empty();

  MemoryLimit(Target target) {
    this.target = target;
    group = target.node().memoryGroup();
    before = refusedSoFar();
    killsBefore = killsSoFar();
  }

  private long killsSoFar() {
    return group.read("memory.oom_control", "oom_kill ");
  }

  private long refusedSoFar() {
    return group.read("memory.failcnt", "");
  }

  @Override
  public void begin() {
    target.node().expectEnd();
    Pause.until(TAKEN_MAX, this::isLimited);
    Pause.until(FELT_MAX, () -> refusedSoFar() > before);
  }

  /** The system refuses a limit that it cannot bring about by taking cached pages. */
  private boolean isLimited() {
    try {
      long cached =
          group.read("memory.stat", "inactive_file ") + group.read("memory.stat", "active_file ");
      long bytes = group.read("memory.usage_in_bytes", "") - cached + moreBytes;
      group.set("memory.limit_in_bytes", bytes);
      return true;
    } catch (UncheckedIOException moreThanThat) {
      moreBytes += MORE_BYTES;
      return false;
    }
  }

  @Override
  public void end() {
    refused = refusedSoFar() - before;
    group.set("memory.limit_in_bytes", -1);
    Pause.until(TAKEN_MAX, () -> group.read("memory.oom_control", "under_oom ") == 0);
    // Who has been killed may need a while to be gone.
    if (killsSoFar() > killsBefore || !target.node().isRunning()) {
      exitCode = OptionalInt.of(target.node().awaitEnd());
      target.node().launch();
    }
  }

  @Override
  public String effect() {
    if (refused == 0) {
      return "";
    }
    return "at the limit %d times%s".formatted(refused, isKilled() ? ", killed by the system" : "");
  }

  private boolean isKilled() {
    return exitCode.isPresent() && exitCode.getAsInt() == KILLED;
  }

  @Override
  public List<String> anomalies() {
    return EndedBy.MEMORY.anomalies(target.node().number(), exitCode);
  }
}
