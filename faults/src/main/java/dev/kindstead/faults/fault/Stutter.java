package dev.kindstead.faults.fault;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that gets on for a moment only between stops, as one does whose memory is paged. */
final class Stutter implements Fault {
  private static final Duration STOPPED = Duration.ofMillis(180);
  private static final Duration RUNNING = Duration.ofMillis(20);

  private final Target target;
  private final Alternation signals;
  private final AtomicInteger stood = new AtomicInteger();

  Stutter(Target target) {
    this.target = target;
    signals = new Alternation(() -> signal("STOP"), STOPPED, this::goOn, RUNNING);
  }

  private void goOn() {
    if (target.node().state() == Standstill.STOPPED) {
      stood.incrementAndGet();
    }
    signal("CONT");
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
    signals.end();
  }

  @Override
  public String effect() {
    return stood.get() == 0 ? "" : stood + " stops of " + STOPPED.toMillis() + " ms";
  }
}
