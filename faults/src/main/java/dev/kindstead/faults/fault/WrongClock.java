package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Shim;
import java.time.Duration;

/** The wall clock of one node is wrong: it jumps there at the beginning, and back in the end. */
final class WrongClock implements Fault {
  private static final int SECONDS_MAX = 300;
  private static final Duration STROBE = Duration.ofMillis(100);

  private final Shim shim;
  private final Duration offset;
  private final Alternation strobe;
  private final boolean isStrobe;
  private final long before;
  private long times;

  private WrongClock(Target target, boolean isStrobe, int sign) {
    shim = target.node().shim();
    this.isStrobe = isStrobe;
    offset = Duration.ofMillis(sign * target.random().nextLong(1, SECONDS_MAX * 1_000L));
    before = shim.wrongTimes();
    strobe =
        new Alternation(
            () -> shim.moveClock(offset), STROBE, () -> shim.moveClock(Duration.ZERO), STROBE);
  }

  static Fault forward(Target target) {
    return new WrongClock(target, false, 1);
  }

  static Fault back(Target target) {
    return new WrongClock(target, false, -1);
  }

  /** Between wrong and right, several times a second. */
  static Fault strobe(Target target) {
    return new WrongClock(target, true, target.random().nextBoolean() ? 1 : -1);
  }

  @Override
  public void begin() {
    if (isStrobe) {
      strobe.begin();
    } else {
      shim.moveClock(offset);
    }
  }

  @Override
  public void end() {
    if (isStrobe) {
      strobe.end();
    }
    shim.moveClock(Duration.ZERO);
    times = shim.wrongTimes() - before;
  }

  @Override
  public String effect() {
    return times == 0 ? "" : "%d times told %+d s".formatted(times, offset.toSeconds());
  }
}
