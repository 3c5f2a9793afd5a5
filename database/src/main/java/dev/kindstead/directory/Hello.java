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
 * @param join the addresses it was told, in order; empty for a node without a list
 * @param identity what it knows of its cluster, empty for none
 * @param addresses of nodes it knows, by their ids
 * @param verdict in an answer, why the asker is not welcome; empty when it is
 */
record Hello(
    String nodeId,
    Boot boot,
    List<String> join,
    String identity,
    Map<String, String> addresses,
    String verdict) {

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
        Messages.list(values.getOrDefault("join", "")),
        values.getOrDefault("identity", ""),
        addresses(values.getOrDefault("addresses", "")),
        values.getOrDefault("verdict", ""));
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
