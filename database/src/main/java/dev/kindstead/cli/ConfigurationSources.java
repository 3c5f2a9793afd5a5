package dev.kindstead.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a configuration together: flag over environment over file over default. Pure but for reading
 * the file.
 */
final class ConfigurationSources {
  /** What Google's emulators and clients call the address. */
  static final String EMULATOR_HOST_VARIABLE = "DATASTORE_EMULATOR_HOST";

  /** What Google's emulators and clients call the project. */
  static final String PROJECT_VARIABLE = "DATASTORE_PROJECT_ID";

  /** Names the configuration file, unless the flag does. */
  static final String FILE_VARIABLE = "KINDSTEAD_CONFIG";

  private final Map<String, String> environment;

  ConfigurationSources(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /**
   * The settings in effect.
   *
   * @param flags texts of the flags given, with the flag's name as typed as its origin
   */
  Configuration resolve(
      Profile profile, Map<Setting<?>, Configuration.Choice> flags, Optional<Path> fileFlag) {
    Map<Setting<?>, Configuration.Choice> chosen = new LinkedHashMap<>();
    for (Setting<?> setting : Setting.ALL) {
      String text = setting.byDefault(profile);
      if (text != null) {
        chosen.put(setting, new Configuration.Choice(text, new Origin.Default()));
      }
    }
    fileFlag
        .or(() -> Optional.ofNullable(environment.get(FILE_VARIABLE)).map(Path::of))
        .ifPresent(file -> chosen.putAll(ConfigurationFile.read(file)));
    chosen.putAll(fromEnvironment(profile));
    chosen.putAll(flags);
    chosen.forEach(ConfigurationSources::check);
    return new Configuration(profile, chosen);
  }

  private Map<Setting<?>, Configuration.Choice> fromEnvironment(Profile profile) {
    Map<Setting<?>, Configuration.Choice> chosen = new LinkedHashMap<>();
    if (profile == Profile.DEV) {
      fromVariable(PROJECT_VARIABLE, Setting.PROJECT, chosen);
      // A client's variable: it names our own address only if that is on this machine.
      String host = environment.get(EMULATOR_HOST_VARIABLE);
      if (host != null && isLoopback(host)) {
        fromVariable(EMULATOR_HOST_VARIABLE, Setting.LISTEN, chosen);
      }
    }
    for (Setting<?> setting : Setting.ALL) {
      fromVariable(setting.variable(), setting, chosen);
    }
    return chosen;
  }

  private void fromVariable(
      String variable, Setting<?> setting, Map<Setting<?>, Configuration.Choice> chosen) {
    String text = environment.get(variable);
    if (text != null && !text.isEmpty()) {
      chosen.put(setting, new Configuration.Choice(text, new Origin.Environment(variable)));
    }
  }

  private static boolean isLoopback(String text) {
    try {
      return ListenAddress.parse(text).isLoopback();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void check(Setting<?> setting, Configuration.Choice choice) {
    try {
      setting.read(choice.text());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new Refusal(
          ExitCode.USAGE,
          "%s (%s): %s".formatted(setting.key(), choice.origin().text(), e.getMessage()));
    }
  }
}
