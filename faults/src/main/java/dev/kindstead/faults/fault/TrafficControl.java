package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Commands;
import dev.kindstead.faults.machine.Refused;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A queueing discipline for all that a node sends, to clients too. */
final class TrafficControl {
  private final Target target;

  TrafficControl(Target target) {
    this.target = target;
  }

  void begin(String discipline) {
    tc("qdisc add dev eth0 root " + discipline);
  }

  /** Removes it, and tells one of its counts, which the pattern's first group finds. */
  long end(Pattern count) {
    Matcher found = count.matcher(tc("-s qdisc show dev eth0"));
    long counted = found.find() ? Long.parseLong(found.group(1)) : 0;
    tc("qdisc del dev eth0 root");
    return counted;
  }

  private String tc(String arguments) {
    Commands.Result result =
        target.cluster().namespaces().run(target.victim(), ("tc " + arguments).split(" "));
    if (!result.isFine()) {
      throw new Refused("tc: " + result.output());
    }
    return result.output();
  }
}
