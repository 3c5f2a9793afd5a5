package dev.kindstead.cli;

import dev.kindstead.telemetry.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code kindstead config show} and {@code config check}: what would be in effect, and why. */
final class ConfigCommand implements Callable<Integer> {
  private static final String FOR_FLAG = "--for";
  private static final String JSON_FLAG = "--json";

  private final ConfigurationSources sources;
  private final CommandSpec spec;
  private final BiConsumer<Configuration, ParseResult> action;

  private ConfigCommand(
      ConfigurationSources sources,
      String description,
      BiConsumer<Configuration, ParseResult> action) {
    this.sources = sources;
    this.action = action;
    spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage().description(description);
    spec.addOption(
        OptionSpec.builder(FOR_FLAG)
            .type(String.class)
            .paramLabel("dev|start")
            .description("The command whose configuration is meant. Default: start.")
            .build());
    SettingFlags.addTo(spec, null);
  }

  static CommandSpec spec(ConfigurationSources sources) {
    CommandSpec group = CommandSpec.create();
    group.usageMessage().description("Shows or checks the configuration.");
    var show =
        new ConfigCommand(
            sources,
            "Shows every setting in effect and where its value comes from.",
            ConfigCommand::show);
    show.spec.addOption(
        OptionSpec.builder(JSON_FLAG).type(boolean.class).description("Prints JSON.").build());
    var check =
        new ConfigCommand(
            sources,
            "Checks the configuration and ends with 0 if a node would start with it.",
            ConfigCommand::check);
    group.addSubcommand("show", show.spec);
    group.addSubcommand("check", check.spec);
    return group;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    Configuration configuration =
        sources.resolve(profile(parsed), SettingFlags.given(parsed), SettingFlags.file(parsed));
    action.accept(configuration, parsed);
    return ExitCode.OK;
  }

  private static Profile profile(ParseResult parsed) {
    String command = parsed.matchedOptionValue(FOR_FLAG, Profile.START.command());
    for (Profile profile : Profile.values()) {
      if (profile.command().equals(command)) {
        return profile;
      }
    }
    throw new Refusal(ExitCode.USAGE, FOR_FLAG + " takes dev or start, not " + command);
  }

  private static void check(Configuration configuration, ParseResult parsed) {
    ConfigurationRules.check(configuration);
    ConfiguredPaths.check(configuration);
    parsed.commandSpec().commandLine().getOut().println("The configuration is good.");
  }

  private static void show(Configuration configuration, ParseResult parsed) {
    PrintWriter out = parsed.commandSpec().commandLine().getOut();
    if (parsed.hasMatchedOption(JSON_FLAG)) {
      out.println(json(configuration));
      return;
    }
    int keyWidth = 0;
    int valueWidth = 0;
    for (Setting<?> setting : Setting.ALL) {
      keyWidth = Math.max(keyWidth, setting.key().length());
      valueWidth = Math.max(valueWidth, valueOf(configuration, setting).length());
    }
    for (Setting<?> setting : Setting.ALL) {
      out.printf(
          "%-" + keyWidth + "s  %-" + valueWidth + "s  %s%n",
          setting.key(),
          valueOf(configuration, setting),
          originOf(configuration, setting));
    }
  }

  private static String valueOf(Configuration configuration, Setting<?> setting) {
    return configuration.choice(setting).map(Configuration.Choice::text).orElse("-");
  }

  private static String originOf(Configuration configuration, Setting<?> setting) {
    return configuration
        .choice(setting)
        .map(choice -> choice.origin().text())
        .orElseGet(() -> new Origin.Default().text());
  }

  private static String json(Configuration configuration) {
    List<String> lines = new ArrayList<>();
    for (Setting<?> setting : Setting.ALL) {
      String value =
          configuration.choice(setting).map(choice -> Json.quoted(choice.text())).orElse("null");
      lines.add(
          "  %s: {\"value\": %s, \"origin\": %s}"
              .formatted(
                  Json.quoted(setting.key()),
                  value,
                  Json.quoted(originOf(configuration, setting))));
    }
    return "{\n" + String.join(",\n", lines) + "\n}";
  }
}
