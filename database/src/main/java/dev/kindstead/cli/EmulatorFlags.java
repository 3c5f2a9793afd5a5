package dev.kindstead.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Flags of Google's emulators, so that scripts written for them run {@code kindstead dev}
 * unchanged. Each has its effect here, or a line that says why it has none.
 */
final class EmulatorFlags {
  /** Where {@code --store-on-disk} without a directory keeps the data. */
  static final String DEFAULT_DIRECTORY = ".kindstead/dev";

  private static final String STORE_ON_DISK = "--store-on-disk";
  private static final String NO_STORE_ON_DISK = "--no-store-on-disk";
  private static final String REQUIRE_INDEXES = "--require-indexes";

  /** Flags accepted for compatibility, with the reason why they change nothing. */
  private static final Map<String, String> WITHOUT_EFFECT = withoutEffect();

  private EmulatorFlags() {}

  private static Map<String, String> withoutEffect() {
    Map<String, String> flags = new LinkedHashMap<>();
    flags.put("--consistency", "every read here is strongly consistent");
    flags.put("--use-firestore-in-datastore-mode", "this is how Kindstead always behaves");
    flags.put("--database-mode", "only datastore-mode exists");
    flags.put("--log-http", "requests are counted at /metrics");
    return flags;
  }

  static void addTo(CommandSpec spec) {
    spec.addOption(
        SettingFlags.onOff(
            List.of(STORE_ON_DISK), "Emulator flag: keep data in " + DEFAULT_DIRECTORY + "."));
    spec.addOption(
        SettingFlags.onOff(
            List.of(NO_STORE_ON_DISK, "--testing"), "Emulator flag: keep data in memory."));
    spec.addOption(
        SettingFlags.onOff(
            List.of(REQUIRE_INDEXES), "Emulator flag: the same as --indexes strict."));
    WITHOUT_EFFECT.forEach((flag, reason) ->
        spec.addOption(
            OptionSpec.builder(flag)
                .type(String.class)
                .arity("0..1")
                .fallbackValue("true")
                .paramLabel("VALUE")
                .description("Emulator flag without effect: " + reason + ".")
                .build()));
  }

  /** Adjusts the flags given: where data lives, whether indexes are required. */
  static void apply(ParseResult parsed, Map<Setting<?>, Configuration.Choice> given) {
    boolean onDisk = isOn(parsed, STORE_ON_DISK);
    boolean inMemory =
        isOn(parsed, NO_STORE_ON_DISK) || (parsed.hasMatchedOption(STORE_ON_DISK) && !onDisk);
    if (onDisk && inMemory) {
      throw new Refusal(
          ExitCode.USAGE, "--store-on-disk and --no-store-on-disk contradict each other");
    }
    if (inMemory && given.containsKey(Setting.DATA_DIR)) {
      // As the emulator: the directory is accepted, and nothing is written there.
      given.remove(Setting.DATA_DIR);
    }
    if (isOn(parsed, REQUIRE_INDEXES)) {
      given.putIfAbsent(
          Setting.INDEXES, new Configuration.Choice("strict", new Origin.Flag(REQUIRE_INDEXES)));
    }
    if (onDisk && !given.containsKey(Setting.DATA_DIR)) {
      given.put(
          Setting.DATA_DIR,
          new Configuration.Choice(DEFAULT_DIRECTORY, new Origin.Flag(STORE_ON_DISK)));
    }
  }

  /** Lines for the user about flags that change nothing. */
  static List<String> remarks(ParseResult parsed) {
    return WITHOUT_EFFECT.entrySet().stream()
        .filter(flag -> parsed.hasMatchedOption(flag.getKey()))
        .map(flag -> flag.getKey() + " has no effect: " + flag.getValue() + ".")
        .toList();
  }

  private static boolean isOn(ParseResult parsed, String flag) {
    if (!parsed.hasMatchedOption(flag)) {
      return false;
    }
    String text = parsed.matchedOptionValue(flag, "true");
    try {
      return Quantity.yesOrNo(text);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, flag + ": " + e.getMessage());
    }
  }
}
