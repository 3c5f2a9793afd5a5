package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Pause;
import dev.kindstead.faults.machine.Shim.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** The process dies when half of a write is written. */
final class TornWrite implements Fault {
  private static final Duration WRITE_MAX = Duration.ofSeconds(5);

  private final Target target;
  private final long before;
  private OptionalInt exitCode = OptionalInt.empty();

  TornWrite(Target target) {
    this.target = target;
    before = target.node().shim().count(Trouble.TORN_WRITE);
  }

  @Override
  public void begin() {
    target.node().expectEnd();
    target.node().shim().begin(Trouble.TORN_WRITE);
    Pause.until(WRITE_MAX, () -> !target.node().isRunning());
  }

  @Override
  public void end() {
    target.node().shim().end(Trouble.TORN_WRITE);
    if (!target.node().isRunning()) {
      exitCode = OptionalInt.of(target.node().awaitEnd());
      target.node().launch();
    }
  }

  private boolean isKilled() {
    return exitCode.isPresent() && exitCode.getAsInt() == KILLED;
  }

  @Override
  public List<String> anomalies() {
    return isKilled() ? List.of() : EndedBy.DISK.anomalies(target.node().number(), exitCode);
  }

  @Override
  public String effect() {
    return isKilled() && target.node().shim().count(Trouble.TORN_WRITE) > before
        ? "half of a write, exit code 137"
        : "";
  }
}
