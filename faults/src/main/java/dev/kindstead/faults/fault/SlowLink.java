package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Commands;
import dev.kindstead.faults.machine.Namespaces;
import dev.kindstead.faults.machine.Refused;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a node sends, to clients too, waits in a queue for a link of little bandwidth. */
final class SlowLink implements Fault {
  private static final int KILOBITS_MIN = 200;
  private static final int KILOBITS_SPAN = 600;
  private static final Pattern OVERLIMITS = Pattern.compile("overlimits (\\d+)");

  private final Target target;
  private final Namespaces network;
  private final int kilobits;
  private long delayed;

  SlowLink(Target target) {
    this.target = target;
    network = target.cluster().namespaces();
    kilobits = target.between(KILOBITS_MIN, KILOBITS_SPAN);
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
    tc("qdisc add dev eth0 root tbf rate %dkbit burst 8kb latency 800ms".formatted(kilobits));
  }

  @Override
  public void end() {
    Matcher found = OVERLIMITS.matcher(tc("-s qdisc show dev eth0"));
    delayed = found.find() ? Long.parseLong(found.group(1)) : 0;
    tc("qdisc del dev eth0 root");
  }

  @Override
  public String effect() {
    return delayed == 0 ? "" : "%d packets had to wait, %d kbit/s".formatted(delayed, kilobits);
  }
}
