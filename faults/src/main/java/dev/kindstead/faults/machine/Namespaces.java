package dev.kindstead.faults.machine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A network namespace for each node, all on one bridge, on which we are too. Packets between two
 * nodes can be dropped silently, each direction by itself; ours reach every node all the time.
 *
 * <p>A packet that came in is dropped by a routing rule of the receiver, which needs neither nft
 * nor iptables: for that, the rules must be asked before the table of local addresses. Thread-safe.
 */
public final class Namespaces implements Network {
  private static final int ATTEMPTS_MAX = 100;
  private static final int API_PORT = 8081;
  private static final int NODE_PORT = 8082;

  /** Of the table of local addresses, instead of 0. */
  private static final String LOCAL_PRIORITY = "1000";

  private static final int CUT_PRIORITY = 100;

  private record Direction(int from, int to) {}

  private final Map<Direction, Integer> cuts = new HashMap<>();
  private final int nodes;
  private final int subnet;
  private final String bridge;

  /** Makes them; throws IllegalState when the machine refuses. */
  Namespaces(int nodes) {
    this.nodes = nodes;
    subnet = freeSubnet();
    bridge = "kindf" + subnet;
    try {
      ip("addr", "add", address(254) + "/24", "dev", bridge);
      ip("link", "set", bridge, "up");
      IntStream.range(0, nodes).forEach(this::make);
    } catch (RuntimeException failed) {
      close();
      throw failed;
    }
  }

  /** The bridge's name says which subnets are taken by other runs. */
  private static int freeSubnet() {
    for (int subnet = 1; subnet <= ATTEMPTS_MAX; subnet++) {
      if (Commands.tryRun("ip", "link", "add", "kindf" + subnet, "type", "bridge").isFine()) {
        return subnet;
      }
    }
    throw new IllegalStateException("no bridge can be made");
  }

  private void make(int node) {
    ip("netns", "add", name(node));
    ip(
        "link",
        "add",
        bridge + "v" + node,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        name(node));
    ip("link", "set", bridge + "v" + node, "master", bridge, "up");
    within(node, "addr", "add", host(node) + "/24", "dev", "eth0");
    within(node, "link", "set", "eth0", "up");
    within(node, "link", "set", "lo", "up");
    within(node, "rule", "add", "lookup", "local", "priority", LOCAL_PRIORITY);
    within(node, "rule", "del", "lookup", "local", "priority", "0");
  }

  private static void ip(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "ip";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Commands.run(command);
  }

  private void within(int node, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "-n";
    all[1] = name(node);
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    ip(all);
  }

  /** Runs a program in a node's network. */
  public Commands.Result run(int node, String... command) {
    String[] all = new String[command.length + 2];
    all[0] = "nsenter";
    all[1] = "--net=" + file(node);
    System.arraycopy(command, 0, all, 2, command.length);
    return Commands.tryRun(all);
  }

  private String name(int node) {
    return bridge + "n" + node;
  }

  private String file(int node) {
    return "/run/netns/" + name(node);
  }

  private String address(int last) {
    return "10.213.%d.%d".formatted(subnet, last);
  }

  @Override
  public String host(int node) {
    return address(node + 1);
  }

  @Override
  public int port(int node) {
    return API_PORT;
  }

  @Override
  public int nodePort(int node) {
    return NODE_PORT;
  }

  /** Nobody else is on this bridge. */
  @Override
  public List<String> flags(int node) {
    return List.of("--insecure", "--node-listen", host(node) + ":" + NODE_PORT);
  }

  @Override
  public List<String> prefix(int node) {
    String nsenter =
        Commands.find("nsenter").map(Path::toString).orElseThrow(IllegalStateException::new);
    return List.of(nsenter, "--net=" + file(node));
  }

  @Override
  public synchronized void cut(int from, int to) {
    if (cuts.merge(new Direction(from, to), 1, Integer::sum) == 1) {
      within(
          to,
          "rule",
          "add",
          "from",
          host(from),
          "iif",
          "eth0",
          "priority",
          priority(from),
          "blackhole");
    }
  }

  @Override
  public synchronized void mend(int from, int to) {
    if (cuts.merge(new Direction(from, to), -1, Integer::sum) == 0) {
      within(to, "rule", "del", "priority", priority(from));
    }
  }

  private static String priority(int from) {
    return Integer.toString(CUT_PRIORITY + from);
  }

  /** Packets. */
  @Override
  public long dropped(int node) {
    try {
      List<String> lines =
          run(node, "cat", "/proc/net/snmp")
              .output()
              .lines()
              .filter(l -> l.startsWith("Ip:"))
              .toList();
      List<String> names = List.of(lines.get(0).split(" "));
      List<String> values = List.of(lines.get(1).split(" "));
      return Long.parseLong(values.get(names.indexOf("InReceives")))
          - Long.parseLong(values.get(names.indexOf("InDelivers")));
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalStateException("no counters of packets", e);
    }
  }

  @Override
  public long reset(int node) {
    return IntStream.range(0, nodes)
        .filter(other -> other != node)
        .mapToObj(
            other -> run(node, "ss", "-K", "-H", "-t", "state", "established", "dst", host(other)))
        .flatMap(result -> result.output().lines())
        .filter(line -> line.contains(":"))
        .count();
  }

  @Override
  public void started(int node, long processId) {}

  @Override
  public void close() {
    for (int node = 0; node < nodes; node++) {
      if (Files.exists(Path.of(file(node)))) {
        Commands.tryRun("ip", "netns", "del", name(node));
      }
    }
    Commands.tryRun("ip", "link", "del", bridge);
  }
}
