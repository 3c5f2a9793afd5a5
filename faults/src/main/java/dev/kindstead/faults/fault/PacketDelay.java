package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Commands;
import dev.kindstead.faults.machine.Namespaces;
import dev.kindstead.faults.machine.Refused;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a node sends is late, each packet by another time, so that they overtake each other. */
final class PacketDelay implements Fault {
  private static final int MILLIS_MIN = 20;
  private static final int MILLIS_SPAN = 300;
  private static final Pattern SENT = Pattern.compile("Sent \\d+ bytes (\\d+) pkt");

  private final Target target;
  private final Namespaces network;
  private final int millis;
  private long delayed;

  PacketDelay(Target target) {
    this.target = target;
    network = target.cluster().namespaces();
    millis = target.between(MILLIS_MIN, MILLIS_SPAN);
  }

  private String tc(String arguments) {
    Commands.Result result = network.run(target.victim(), ("tc " + arguments).split(" "));
    if (!result.isFine()) {
      throw new Refused("tc: " + result.output());
    }
    return result.output();
  }

  @Override
  public void begin() {
    tc("qdisc add dev eth0 root netem delay %dms %dms reorder 25%%".formatted(millis, millis / 2));
  }

  @Override
  public void end() {
    Matcher found = SENT.matcher(tc("-s qdisc show dev eth0"));
    delayed = found.find() ? Long.parseLong(found.group(1)) : 0;
    tc("qdisc del dev eth0 root");
  }

  @Override
  public String effect() {
    return delayed == 0 ? "" : "%d packets late by about %d ms".formatted(delayed, millis);
  }
}
