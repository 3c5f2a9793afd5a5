package dev.kindstead.cli;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.DescriptionJson;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Which node a command asks about its cluster.
 *
 * @param environment names one by default
 */
record ClusterEndpoint(Map<String, String> environment) {
  static final String JSON = "--json";
  private static final String ENDPOINT = "--endpoint";
  private static final String DEFAULT_ENDPOINT = "localhost:8081";

  void addOption(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder(ENDPOINT)
            .type(String.class)
            .paramLabel("HOST:PORT")
            .description(
                "Of any node's API. Default: $DATASTORE_EMULATOR_HOST, or "
                    + DEFAULT_ENDPOINT
                    + ".")
            .build());
  }

  AdminClient open(ParseResult parsed) {
    return new AdminClient(
        parsed.matchedOptionValue(
            ENDPOINT,
            environment.getOrDefault(
                ConfigurationSources.EMULATOR_HOST_VARIABLE, DEFAULT_ENDPOINT)));
  }

  ClusterDescription describe(AdminClient client) {
    try {
      return DescriptionJson.readCluster(client.page("/cluster"));
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          ExitCode.ADDRESS,
          "the node does not answer as Kindstead does: %s\n--endpoint chooses another one."
              .formatted(e.getMessage()));
    }
  }
}
