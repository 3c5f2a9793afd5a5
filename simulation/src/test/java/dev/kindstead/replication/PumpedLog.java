package dev.kindstead.replication;

/** A log confined to a scheduler's thread, for callers on any thread. Time stops when it closes. */
final class PumpedLog implements ReplicatedLog {
  private final ReplicatedLog log;
  private final SimulatedTime time;
  private boolean closed;

  PumpedLog(ReplicatedLog log, SimulatedTime time) {
    this.log = log;
    this.time = time;
  }

  @Override
  public void start(LogReader reader) {
    time.run(() -> log.start(reader));
  }

  @Override
  public void propose(byte[] entry, OutcomeListener listener) {
    ReplicatedLog.checkSize(entry);
    step(() -> log.propose(entry, outcome -> guard(() -> listener.ended(outcome))));
  }

  @Override
  public void readBarrier(BarrierListener done) {
    step(() -> log.readBarrier(done));
  }

  @Override
  public void requestCheckpoint(Runnable done) {
    step(() -> log.requestCheckpoint(done));
  }

  private synchronized void step(Runnable step) {
    if (closed) {
      step.run();
    } else {
      time.later(step);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      time.run(log::close);
      time.close();
      closed = true;
    }
  }

  /** In the model a listener that throws ends the world; the contract wants it to be alone. */
  private static void guard(Runnable listener) {
    try {
      listener.run();
    } catch (IllegalStateException planted) {
      assert planted.getMessage() != null;
    }
  }
}
