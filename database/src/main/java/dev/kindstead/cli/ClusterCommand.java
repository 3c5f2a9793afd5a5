package dev.kindstead.cli;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.DescriptionJson;
import dev.kindstead.telemetry.Json;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code kindstead cluster status}, {@code node list} and {@code shard list}: what any running node
 * knows of its cluster.
 */
final class ClusterCommand implements Callable<Integer> {
  /** How the command shows a cluster. */
  private record View(
      Function<ClusterDescription, Object> json, Function<ClusterTables, String> text) {}

  private final ServerEndpoint endpoint;
  private final View view;
  private final CommandSpec spec;

  private ClusterCommand(Map<String, String> environment, View view, String... description) {
    endpoint = new ServerEndpoint(environment);
    this.view = view;
    spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage().description(description);
    endpoint.addOptions(spec);
    spec.addOption(
        OptionSpec.builder(ServerEndpoint.JSON)
            .type(boolean.class)
            .description("Prints JSON.")
            .build());
  }

  /** {@code kindstead cluster}. */
  static CommandSpec cluster(Map<String, String> environment) {
    var view = new View(DescriptionJson::tree, ClusterTables::status);
    var status =
        new ClusterCommand(
            environment,
            view,
            "Shows who serves, who is unreachable, lag and disk. Ends with 1 when nobody serves.");
    return group("Shows a cluster.", "status", status);
  }

  /** {@code kindstead shard}. */
  static CommandSpec shard(Map<String, String> environment) {
    var view = new View(DescriptionJson::groups, ClusterTables::shards);
    var list =
        new ClusterCommand(
            environment, view, "Lists the replica groups: leaders, terms, and each replica's lag.");
    return group("Shows the shards of a cluster.", "list", list);
  }

  /** {@code kindstead node list}. */
  static CommandSpec nodeList(Map<String, String> environment) {
    var view = new View(DescriptionJson::nodes, ClusterTables::nodes);
    return new ClusterCommand(
            environment, view, "Lists the nodes: addresses, zones, versions and starts.")
        .spec;
  }

  private static CommandSpec group(String description, String name, ClusterCommand command) {
    CommandSpec group = CommandSpec.create();
    group.usageMessage().description(description);
    group.addSubcommand(name, command.spec);
    return group;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    PrintWriter out = spec.commandLine().getOut();
    ClusterDescription cluster = ask(parsed);
    var tables = new ClusterTables(cluster);
    out.print(
        parsed.hasMatchedOption(ServerEndpoint.JSON)
            ? Json.write(view.json.apply(cluster))
            : view.text.apply(tables));
    out.flush();
    return tables.isServed() ? ExitCode.OK : ExitCode.UNEXPECTED;
  }

  private ClusterDescription ask(ParseResult parsed) {
    try (AdminClient client = endpoint.open(parsed)) {
      return endpoint.describe(client);
    }
  }
}
