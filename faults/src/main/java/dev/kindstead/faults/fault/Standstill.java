package dev.kindstead.faults.fault;

/** SIGSTOP: the process does nothing, and its connections stay open; SIGCONT in the end. */
final class Standstill implements Fault {
  /** Of a process, by proc(5). */
  static final char STOPPED = 'T';

  private final Target target;
  private boolean stood;

  Standstill(Target target) {
    this.target = target;
  }

  @Override
  public void begin() {
    target.node().signal("STOP");
  }

  @Override
  public void end() {
    stood = target.node().state() == STOPPED;
    target.node().signal("CONT");
  }

  @Override
  public String effect() {
    return stood ? "process state T" : "";
  }
}
