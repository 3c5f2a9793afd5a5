package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Commands;
import dev.kindstead.faults.machine.Namespaces;
import dev.kindstead.faults.machine.Refused;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Some of the packets that come to a node from others, at random, vanish (nftables). */
final class PacketLoss implements Fault {
  private static final int PERCENT_MIN = 10;
  private static final int PERCENT_SPAN = 40;
  private static final int NODE_PORT = 8082;
  private static final Pattern COUNTER = Pattern.compile("counter packets (\\d+)");

  private final Target target;
  private final Namespaces network;
  private final int percent;
  private long lost;

  PacketLoss(Target target) {
    this.target = target;
    network = target.cluster().namespaces();
    percent = target.between(PERCENT_MIN, PERCENT_SPAN);
  }

  private String nft(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "nft";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Commands.Result result = network.run(target.victim(), command);
    if (!result.isFine()) {
      throw new Refused("nft: " + result.output());
    }
    return result.output();
  }

  @Override
  public void begin() {
    nft("add table ip faults");
    nft("add chain ip faults in { type filter hook input priority 0 ; }");
    for (String port : new String[] {"sport", "dport"}) {
      nft(
          "add rule ip faults in tcp %s %d numgen random mod 100 < %d counter drop"
              .formatted(port, NODE_PORT, percent));
    }
  }

  @Override
  public void end() {
    Matcher counters = COUNTER.matcher(nft("list table ip faults"));
    while (counters.find()) {
      lost += Long.parseLong(counters.group(1));
    }
    nft("delete table ip faults");
  }

  @Override
  public String effect() {
    return lost == 0 ? "" : lost + " packets lost, " + percent + " %";
  }
}
