package dev.kindstead.faults.fault;

import java.time.Duration;

/** A node's connections with other nodes break, again and again. */
final class Resets implements Fault {
  private static final Duration BETWEEN = Duration.ofMillis(400);

  private final Alternation breaks;
  private long broken;

  Resets(Target target) {
    var network = target.cluster().network();
    breaks =
        new Alternation(
            () -> broken += network.reset(target.victim()), BETWEEN, () -> {}, Duration.ZERO);
  }

  @Override
  public void begin() {
    breaks.begin();
  }

  @Override
  public void end() {
    breaks.end();
  }

  @Override
  public String effect() {
    return broken == 0 ? "" : broken + " connections broken";
  }
}
