package dev.kindstead.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The settings as flags of a command. */
final class SettingFlags {
  private static final String CONFIG_FLAG = "--config";

  private SettingFlags() {}

  /** Gives a command one flag for each setting. */
  static void addTo(CommandSpec spec, @Nullable Profile profile) {
    spec.addOption(
        OptionSpec.builder(CONFIG_FLAG)
            .type(Path.class)
            .paramLabel("FILE")
            .description("YAML file of settings: \"key: value\" lines, keys as the flags.")
            .build());
    for (Setting<?> setting : Setting.ALL) {
      spec.addOption(flag(setting, profile));
    }
  }

  private static OptionSpec flag(Setting<?> setting, @Nullable Profile profile) {
    OptionSpec.Builder flag =
        OptionSpec.builder(namesOf(setting, profile))
            .type(String.class)
            .description(setting.description() + defaultOf(setting, profile));
    if (setting.isSwitch()) {
      flag.arity("0..1").fallbackValue("true").paramLabel("true|false");
    } else {
      flag.arity("1").paramLabel(setting.placeholder());
    }
    return flag.build();
  }

  /** The emulator's name for the address is understood where the emulator is replaced. */
  private static String[] namesOf(Setting<?> setting, @Nullable Profile profile) {
    return setting == Setting.LISTEN && profile != Profile.START
        ? new String[] {setting.flag(), "--host-port"}
        : new String[] {setting.flag()};
  }

  private static String defaultOf(Setting<?> setting, @Nullable Profile profile) {
    String text = profile == null ? null : setting.byDefault(profile);
    return text == null || setting.isSwitch() ? "" : " Default: " + text + ".";
  }

  /** What the user gave on the command line. */
  static Map<Setting<?>, Configuration.Choice> given(ParseResult parsed) {
    Map<Setting<?>, Configuration.Choice> given = new LinkedHashMap<>();
    for (Setting<?> setting : Setting.ALL) {
      if (parsed.hasMatchedOption(setting.flag())) {
        String text = parsed.matchedOptionValue(setting.flag(), "");
        given.put(setting, new Configuration.Choice(text, new Origin.Flag(setting.flag())));
      }
    }
    return given;
  }

  static Optional<Path> file(ParseResult parsed) {
    return Optional.ofNullable(parsed.matchedOptionValue(CONFIG_FLAG, (Path) null));
  }

  /** A flag that takes an optional true or false. */
  static OptionSpec onOff(List<String> names, String description) {
    return OptionSpec.builder(names.toArray(String[]::new))
        .type(String.class)
        .arity("0..1")
        .fallbackValue("true")
        .paramLabel("true|false")
        .description(description)
        .build();
  }
}
