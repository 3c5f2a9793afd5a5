package dev.kindstead.faults.fault;

import java.time.Duration;

/** A node is cut off and reached again several times a second. */
final class Flapping implements Fault {
  private static final Duration CUT = Duration.ofMillis(250);
  private static final Duration MENDED = Duration.ofMillis(150);

  private final Cut cut;
  private final Alternation cuts;
  private int times;

  Flapping(Target target) {
    cut = Cut.isolation(target);
    cuts = new Alternation(cut::begin, CUT, cut::end, MENDED);
  }

  @Override
  public void begin() {
    cuts.begin();
  }

  @Override
  public void end() {
    times = cuts.end();
  }

  @Override
  public String effect() {
    return cut.effect().isEmpty() ? "" : times + " cuts, " + cut.effect();
  }
}
