package dev.kindstead.directory;

import dev.kindstead.directory.NodeMemory.Boot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a node says of itself when it starts, and is told in return. Immutable.
 *
 * @param nodeId who says it
 * @param past the starts before this one, the latest last; empty when the node does not know them
 * @param join the addresses it was told, in order; empty for a node without a list
 * @param identity what it knows of its cluster, empty for none
 * @param addresses of nodes it knows, by their ids
 * @param verdict in an answer, why the asker is not welcome; empty when it is
 */
record Hello(
    String nodeId,
    Boot boot,
    List<Boot> past,
    List<String> join,
    String identity,
    Map<String, String> addresses,
    String verdict) {

  /**
   * Whether the disk that the node comes with may be the one that made the start {@code heard}. A
   * copy counts on from where it was taken, so its numbers alone prove nothing: what was heard has
   * to be among the runs that it knows. Starts before those are believed by their number.
   */
  boolean continues(Boot heard) {
    boolean isTold = !past.isEmpty() && past.getFirst().number() <= heard.number();
    return boot.equals(heard) || (isTold ? past.contains(heard) : boot.follows(heard));
  }

  boolean isFormed() {
    return !identity.isEmpty();
  }

  NodeIdentity cluster() {
    try {
      return NodeIdentity.decode(identity.replace('\t', '\n'));
    } catch (NodeIdentity.UnreadableException e) {
      throw new IllegalArgumentException("the identity of node " + nodeId, e);
    }
  }

  static String packed(NodeIdentity identity) {
    return identity.encode().replace('\n', '\t');
  }

  byte[] encode() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(Messages.MESSAGE, Formation.HELLO);
    values.put("node-id", nodeId);
    values.put("boot", Long.toString(boot.number()));
    values.put("run", Long.toString(boot.run()));
    values.put(
        "past",
        past.stream()
            .map(each -> each.number() + "=" + each.run())
            .collect(Collectors.joining(",")));
    values.put("join", String.join(",", join));
    values.put("identity", identity);
    values.put(
        "addresses",
        addresses.entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(",")));
    values.put("verdict", verdict.replace('\n', ' '));
    return Messages.encode(values);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Hello decode(byte[] message) {
    Map<String, String> values = Messages.decode(message);
    return new Hello(
        value(values, "node-id"),
        new Boot(Long.parseLong(value(values, "boot")), Long.parseLong(value(values, "run"))),
        past(values.getOrDefault("past", "")),
        Messages.list(values.getOrDefault("join", "")),
        values.getOrDefault("identity", ""),
        addresses(values.getOrDefault("addresses", "")),
        values.getOrDefault("verdict", ""));
  }

  private static List<Boot> past(String text) {
    return Messages.list(text).stream()
        .map(each -> {
          String[] parts = each.split("=", 2);
          if (parts.length < 2) {
            throw new IllegalArgumentException("a past start without its run in a node's hello");
          }
          return new Boot(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        })
        .toList();
  }

  private static Map<String, String> addresses(String text) {
    Map<String, String> addresses = new LinkedHashMap<>();
    for (String each : Messages.list(text)) {
      String[] parts = each.split("=", 2);
      if (parts.length == 2) {
        addresses.put(parts[0], parts[1]);
      }
    }
    return addresses;
  }

  private static String value(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name + " in a node's hello");
    }
    return value;
  }
}
