package dev.kindstead.faults.fault;

import java.time.Duration;

/** A process that gets on for a moment only between stops, as one does whose memory is paged. */
final class Stutter implements Fault {
  private static final Duration STOPPED = Duration.ofMillis(180);
  private static final Duration RUNNING = Duration.ofMillis(20);

  private final Target target;
  private final Alternation signals;
  private int times;

  Stutter(Target target) {
    this.target = target;
    signals = new Alternation(() -> signal("STOP"), STOPPED, () -> signal("CONT"), RUNNING);
  }

  private void signal(String name) {
    target.node().signal(name);
  }

  @Override
  public void begin() {
    signals.begin();
  }

  @Override
  public void end() {
    times = signals.end();
  }

  @Override
  public String effect() {
    return times == 0 ? "" : times + " stops of " + STOPPED.toMillis() + " ms";
  }
}
