package dev.kindstead.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * What says which seeds a segment of a night has, and for how long: the segments of one directory
 * are all of the same, for they are known by their number only.
 */
public final class NightOptions {
  private static final String FILE = "options";

  private NightOptions() {}

  /**
   * Writes down with what a night is begun, or compares with what it was begun with.
   *
   * @param options as on a command line
   * @throws ParameterException of the command, when it was begun with others; says what to do
   */
  public static void keep(Path directory, String options, CommandLine command) throws IOException {
    try {
      keep(directory, options);
    } catch (IllegalArgumentException others) {
      throw new ParameterException(command, String.valueOf(others.getMessage()));
    }
  }

  /**
   * The same.
   *
   * @throws IllegalArgumentException when it was begun with others
   */
  static void keep(Path directory, String options) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      Files.writeString(file, options + "\n");
      return;
    }
    String begun = Files.readString(file).strip();
    if (!begun.equals(options)) {
      throw new IllegalArgumentException(
          "the night of %s was begun with %s, and its segments are not those of %s: go on with the former, or choose another --directory"
              .formatted(directory, begun, options));
    }
  }
}
