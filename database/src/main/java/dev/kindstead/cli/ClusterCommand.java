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
  private static final String ENDPOINT = "--endpoint";
  private static final String JSON = "--json";
  private static final String DEFAULT_ENDPOINT = "localhost:8081";

  /** How the command shows a cluster. */
  private record View(
      Function<ClusterDescription, Object> json, Function<ClusterTables, String> text) {}

  private final Map<String, String> environment;
  private final View view;
  private final CommandSpec spec;

  private ClusterCommand(Map<String, String> environment, View view, String... description) {
    this.environment = environment;
    this.view = view;
    spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage().description(description);
    spec.addOption(
        OptionSpec.builder(ENDPOINT)
            .type(String.class)
            .paramLabel("HOST:PORT")
            .description(
                "Of any node's API. Default: $DATASTORE_EMULATOR_HOST, or "
                    + DEFAULT_ENDPOINT
                    + ".")
            .build());
    spec.addOption(
        OptionSpec.builder(JSON).type(boolean.class).description("Prints JSON.").build());
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
        parsed.hasMatchedOption(JSON)
            ? Json.write(view.json.apply(cluster))
            : view.text.apply(tables));
    out.flush();
    return tables.isServed() ? ExitCode.OK : ExitCode.UNEXPECTED;
  }

  private ClusterDescription ask(ParseResult parsed) {
    String endpoint =
        parsed.matchedOptionValue(
            ENDPOINT,
            environment.getOrDefault(
                ConfigurationSources.EMULATOR_HOST_VARIABLE, DEFAULT_ENDPOINT));
    try (var client = new AdminClient(endpoint)) {
      return DescriptionJson.readCluster(client.page("/cluster"));
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          ExitCode.ADDRESS,
          "%s does not answer as Kindstead does: %s\n--endpoint chooses another one."
              .formatted(endpoint, e.getMessage()));
    }
  }
}
