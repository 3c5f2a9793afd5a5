package dev.kindstead.cli;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.telemetry.Json;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code kindstead node add}, {@code drain} and {@code remove}: who takes part in a cluster that
 * runs.
 */
final class NodeChangeCommand implements Callable<Integer> {
  private static final String DRAIN = "drain";

  /**
   * What a subcommand asks, and what it says when that is done or has begun.
   *
   * @param doneToTwo the same of two nodes
   */
  private record Change(String action, int nodesMax, String done, String doneToTwo) {
    Change(String action, String done) {
      this(action, 1, done, done);
    }

    String told(List<NodeDescription> nodes) {
      String names =
          nodes.stream().map(NodeChangeCommand::named).collect(Collectors.joining(" and "));
      return nodes.size() == 1
          ? "Node %s %s.".formatted(names, done)
          : "Nodes %s %s.".formatted(names, doneToTwo);
    }
  }

  private final ServerEndpoint endpoint;
  private final Change change;
  private final CommandSpec spec;

  private NodeChangeCommand(Map<String, String> environment, Change change, String... description) {
    this.change = change;
    endpoint = new ServerEndpoint(environment);
    spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage().description(description);
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity("1.." + change.nodesMax())
            .required(true)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel("NODE")
            .description("Its number, or its id or the beginning of that: see kindstead node list.")
            .build());
    endpoint.addOptions(spec);
    spec.addOption(
        OptionSpec.builder(ServerEndpoint.JSON)
            .type(boolean.class)
            .description("Prints JSON.")
            .build());
  }

  static CommandSpec add(Map<String, String> environment) {
    var change =
        new Change(
            "add",
            2,
            "gets replicas and a vote: \"kindstead cluster status\" shows how far",
            "get replicas and votes: \"kindstead cluster status\" shows how far");
    return new NodeChangeCommand(
            environment,
            change,
            "Gives spare nodes a vote.",
            "One takes the place of a node that does not answer, without waiting for",
            "--replace-after; two make three votes five.")
        .spec;
  }

  static CommandSpec drain(Map<String, String> environment) {
    var change =
        new Change(
            DRAIN,
            "is drained: it leads nothing any more, and forwards what still comes, until it stops");
    return new NodeChangeCommand(
            environment,
            change,
            "Has a node serve no more, before work on its machine.",
            "Another one takes over, balancers and clients are told to go. Its replicas",
            "stay. Waits until it leads nothing. Ends with the node's next start.")
        .spec;
  }

  static CommandSpec remove(Map<String, String> environment) {
    var change =
        new Change(
            "remove",
            "leaves for good. If it had a vote, a spare node takes its place first: stop it when"
                + " \"kindstead cluster status\" calls it removed");
    return new NodeChangeCommand(
            environment,
            change,
            "Takes a node out for good.",
            "A spare one gets replicas and a vote in its place. Refused when there is",
            "none: fewer votes would survive less.")
        .spec;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    PrintWriter out = spec.commandLine().getOut();
    List<String> words = parsed.matchedPositionalValue(0, List.<String>of());
    try (AdminClient client = endpoint.open(parsed)) {
      ClusterDescription cluster = endpoint.describe(client);
      List<String> nodeIds = words.stream().map(word -> nodeId(cluster, word)).toList();
      String refused = client.change("/cluster/" + change.action(), String.join("\n", nodeIds));
      String whyNot = refused.isEmpty() ? left(client, nodeIds.getFirst()) : refused;
      List<NodeDescription> nodes =
          cluster.nodes().stream()
              .map(ClusterDescription.Report::description)
              .filter(node -> nodeIds.contains(node.nodeId()))
              .toList();
      if (parsed.hasMatchedOption(ServerEndpoint.JSON)) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("action", change.action());
        tree.put("node_ids", nodeIds);
        tree.put("done", whyNot.isEmpty());
        tree.put("why_not", whyNot);
        out.print(Json.write(tree));
      } else if (whyNot.isEmpty()) {
        out.println(change.told(nodes));
      } else {
        throw new Refusal(ExitCode.UNEXPECTED, whyNot);
      }
      out.flush();
      return whyNot.isEmpty() ? ExitCode.OK : ExitCode.UNEXPECTED;
    }
  }

  /** What is begun and not done; only a drain is waited for. */
  private String left(AdminClient client, String nodeId) {
    return change.action().equals(DRAIN)
        ? DrainWait.left(() -> endpoint.describe(client), nodeId, DrainWait::pause).orElse("")
        : "";
  }

  /** Digits are a number and never the beginning of an id: 7 shall not remove node-78975de5b547. */
  private static boolean isMeant(NodeDescription node, String word) {
    return word.chars().allMatch(Character::isDigit)
        ? Integer.toString(node.number()).equals(word)
        : node.nodeId().startsWith(word) || node.nodeId().startsWith("node-" + word);
  }

  /** Numbers don't go by addresses: who meant another machine shall see it. */
  private static String named(NodeDescription node) {
    String address = node.apiAddress().isEmpty() ? "" : " at " + node.apiAddress();
    return node.number() == 0
        ? node.nodeId() + address
        : "%d (%s%s)".formatted(node.number(), node.nodeId(), address);
  }

  /** The one node that a word of the command line means. */
  static String nodeId(ClusterDescription cluster, String word) {
    List<String> meant =
        cluster.nodes().stream()
            .map(ClusterDescription.Report::description)
            .filter(node -> isMeant(node, word))
            .map(NodeDescription::nodeId)
            .toList();
    if (meant.contains(word)) {
      return word;
    }
    if (meant.size() == 1) {
      return meant.getFirst();
    }
    String all =
        cluster.nodes().stream()
            .map(each -> named(each.description()))
            .collect(Collectors.joining(", "));
    throw new Refusal(
        ExitCode.USAGE,
        meant.isEmpty()
            ? "no node is called %s; there are %s".formatted(word, all)
            : "%s may be %s".formatted(word, String.join(" or ", meant)));
  }
}
