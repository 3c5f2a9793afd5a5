package dev.kindstead.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kindstead dev} and {@code kindstead start}. */
final class ServeCommand implements Callable<Integer> {
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
    return server.applyAsInt(configuration);
  }
}
