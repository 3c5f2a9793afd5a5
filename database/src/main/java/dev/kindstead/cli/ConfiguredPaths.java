package dev.kindstead.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code config check} looks at on disk, changing nothing. */
final class ConfiguredPaths {
  private static final List<Setting<Path>> FILES =
      List.of(
          Setting.TLS_CERTIFICATE,
          Setting.TLS_KEY,
          Setting.NODE_TLS_AUTHORITY,
          Setting.NODE_TLS_CERTIFICATE,
          Setting.NODE_TLS_KEY);

  private ConfiguredPaths() {}

  /** Refuses files that can't be read, and a data directory that can't be used or made. */
  static void check(Configuration configuration) {
    checkFiles(configuration);
    configuration.find(Setting.DATA_DIR).ifPresent(ConfiguredPaths::checkDataDirectory);
  }

  /** Refuses files that can't be read. */
  static void checkFiles(Configuration configuration) {
    for (Setting<Path> file : FILES) {
      configuration.find(file).ifPresent(path -> checkReadable(file, path));
    }
  }

  private static void checkReadable(Setting<Path> setting, Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new Refusal(
          ExitCode.USAGE, "%s: %s is not a file this user can read".formatted(setting, file));
    }
  }

  private static void checkDataDirectory(Path directory) {
    Path existing = directory.toAbsolutePath().normalize();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)
        || !Files.isReadable(existing)
        || !Files.isWritable(existing)) {
      throw new Refusal(
          ExitCode.DATA_NOT_ACCESSIBLE,
          "%s: %s is not a directory this user can read and write"
              .formatted(Setting.DATA_DIR, existing));
    }
  }
}
