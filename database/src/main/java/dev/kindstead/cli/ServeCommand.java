package dev.kindstead.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code kindstead dev} and {@code kindstead start}. */
final class ServeCommand implements Callable<Integer> {
  private static final String NODES = "--nodes";

  private final Profile profile;
  private final ConfigurationSources sources;
  private final ToIntFunction<Configuration> server;
  private final CommandSpec spec;

  private ServeCommand(
      Profile profile,
      ConfigurationSources sources,
      ToIntFunction<Configuration> server,
      String... description) {
    this.profile = profile;
    this.sources = sources;
    this.server = server;
    spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage().description(description);
    SettingFlags.addTo(spec, profile);
  }

  static ServeCommand dev(ConfigurationSources sources, ToIntFunction<Configuration> server) {
    var command =
        new ServeCommand(
            Profile.DEV,
            sources,
            server,
            "Runs a database for development, in place of Google's emulator.",
            "POST /reset empties it, POST /shutdown ends it.");
    EmulatorFlags.addTo(command.spec);
    command.spec.addOption(
        OptionSpec.builder(NODES)
            .type(int.class)
            .paramLabel("N")
            .description(
                "A cluster of 3 or 5 nodes on this machine, at the ports from --listen's on; see"
                    + " \"kindstead node --help\". Default: 1.")
            .build());
    return command;
  }

  static ServeCommand start(ConfigurationSources sources, ToIntFunction<Configuration> server) {
    return new ServeCommand(
        Profile.START,
        sources,
        server,
        "Runs a durable node: every acknowledged write is on disk.");
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    Map<Setting<?>, Configuration.Choice> given = SettingFlags.given(parsed);
    if (profile == Profile.DEV) {
      EmulatorFlags.apply(parsed, given);
      EmulatorFlags.remarks(parsed).forEach(spec.commandLine().getOut()::println);
    }
    Configuration configuration = sources.resolve(profile, given, SettingFlags.file(parsed));
    ConfigurationRules.check(configuration);
    int nodes = profile == Profile.DEV ? parsed.matchedOptionValue(NODES, 1) : 1;
    return nodes == 1
        ? server.applyAsInt(configuration)
        : new DevCluster(configuration, nodes, spec.commandLine().getOut()).run();
  }
}
