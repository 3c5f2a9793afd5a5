package dev.kindstead.faults.fault;

import java.util.regex.Pattern;

/** What a node sends is late, each packet by another time, so that they overtake each other. */
final class PacketDelay implements Fault {
  private static final int MILLIS_MIN = 20;
  private static final int MILLIS_SPAN = 300;
  private static final Pattern SENT = Pattern.compile("Sent \\d+ bytes (\\d+) pkt");

  private final TrafficControl traffic;
  private final int millis;
  private long delayed;

  PacketDelay(Target target) {
    traffic = new TrafficControl(target);
    millis = target.between(MILLIS_MIN, MILLIS_SPAN);
  }

  @Override
  public void begin() {
    traffic.begin("netem delay %dms %dms reorder 25%%".formatted(millis, millis / 2));
  }

  @Override
  public void end() {
    delayed = traffic.end(SENT);
  }

  @Override
  public String effect() {
    return delayed == 0 ? "" : "%d packets late by about %d ms".formatted(delayed, millis);
  }
}
