package dev.kindstead.faults.fault;

import java.util.List;

/** SIGTERM, by which a node hands over what it leads and ends; started again in the end. */
final class PlannedStop implements Fault {
  private static final int OK = 0;

  /** Java's, when it ends by a signal and was not told otherwise. */
  private static final int TERMINATED = 143;

  private final Target target;
  private int exitCode = -1;

  PlannedStop(Target target) {
    this.target = target;
  }

  @Override
  public void begin() {
    exitCode = target.node().stop();
  }

  @Override
  public void end() {
    target.node().launch();
  }

  @Override
  public String effect() {
    return "exit code " + exitCode;
  }

  @Override
  public List<String> anomalies() {
    return exitCode == OK || exitCode == TERMINATED
        ? List.of()
        : List.of("a planned stop ended with exit code " + exitCode);
  }
}
