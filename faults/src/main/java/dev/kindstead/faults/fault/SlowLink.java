package dev.kindstead.faults.fault;

import java.util.regex.Pattern;

/** What a node sends, to clients too, waits in a queue for a link of little bandwidth. */
final class SlowLink implements Fault {
  private static final int KILOBITS_MIN = 200;
  private static final int KILOBITS_SPAN = 600;
  private static final Pattern OVERLIMITS = Pattern.compile("overlimits (\\d+)");

  private final TrafficControl traffic;
  private final int kilobits;
  private long delayed;

  SlowLink(Target target) {
    traffic = new TrafficControl(target);
    kilobits = target.between(KILOBITS_MIN, KILOBITS_SPAN);
  }

  @Override
  public void begin() {
    traffic.begin("tbf rate %dkbit burst 8kb latency 800ms".formatted(kilobits));
  }

  @Override
  public void end() {
    delayed = traffic.end(OVERLIMITS);
  }

  @Override
  public String effect() {
    return delayed == 0 ? "" : "%d packets had to wait, %d kbit/s".formatted(delayed, kilobits);
  }
}
