package dev.kindstead.cli;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.DescriptionJson;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Which running server a command asks.
 *
 * @param environment names one by default
 */
record ServerEndpoint(Map<String, String> environment) {
  static final String JSON = "--json";
  static final String ENDPOINT = "--endpoint";
  static final String AUTHORITY = "--tls-authority";
  private static final String AUTHORITY_VARIABLE = "KINDSTEAD_TLS_AUTHORITY";
  private static final String DEFAULT_ENDPOINT = "localhost:8081";

  void addOptions(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder(ENDPOINT)
            .type(String.class)
            .paramLabel("HOST:PORT")
            .description(
                "Of any node's API. Default: $DATASTORE_EMULATOR_HOST, or "
                    + DEFAULT_ENDPOINT
                    + ".",
                "https://HOST:PORT where it has TLS.")
            .build());
    spec.addOption(
        OptionSpec.builder(AUTHORITY)
            .type(String.class)
            .paramLabel("FILE")
            .description(
                "Who signed the API's certificate (PEM), and nobody else is trusted.",
                "Default: $" + AUTHORITY_VARIABLE + ", or the authorities that Java trusts.")
            .build());
  }

  /**
   * @throws Refusal when the authority can't be read
   */
  AdminClient open(ParseResult parsed) {
    String authority =
        parsed.matchedOptionValue(AUTHORITY, environment.getOrDefault(AUTHORITY_VARIABLE, ""));
    @Nullable SSLContext trust =
        authority.isEmpty() ? null : TrustedAuthority.of(Path.of(authority));
    return new AdminClient(
        parsed.matchedOptionValue(
            ENDPOINT,
            environment.getOrDefault(
                ConfigurationSources.EMULATOR_HOST_VARIABLE, DEFAULT_ENDPOINT)),
        trust);
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
