package dev.kindstead.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Of what the segments of a night are: which seeds a segment has, for how long, and at which
 * commit. The segments of one directory are all of the same, for they are known by their number
 * only.
 */
public final class NightOptions {
  private static final String FILE = "options";

  private NightOptions() {}

  /**
   * Writes down with what a night is begun, or compares with what it was begun with.
   *
   * @param options as on a command line
   * @param commit what is checked out
   * @throws ParameterException of the command, when it was begun with others, at another commit, or
   *     at what has no commit, which is not known to be the same again; says what to do
   */
  public static void keep(Path directory, String options, String commit, CommandLine command)
      throws IOException {
    try {
      keep(directory, options, commit);
    } catch (IllegalArgumentException others) {
      throw new ParameterException(command, String.valueOf(others.getMessage()));
    }
  }

  /**
   * The same.
   *
   * @throws IllegalArgumentException when it was begun with others
   */
  static void keep(Path directory, String options, String commit) throws IOException {
    Path file = directory.resolve(FILE);
    String begins = options + " at " + commit;
    if (!Files.exists(file)) {
      Files.writeString(file, begins + "\n");
      return;
    }
    String begun = Files.readString(file).strip();
    if (!begun.equals(begins)) {
      throw new IllegalArgumentException(
          "the night of %s was begun with %s, and its segments are not those of %s: go on with the former, or choose another --directory"
              .formatted(directory, begun, begins));
    }
    if (isUncommitted(commit)) {
      throw new IllegalArgumentException(
          "the night of %s was begun at %s, and what was built then is not known: commit what has changed, or choose another --directory"
              .formatted(directory, commit));
    }
  }

  /** Whether it names files that may be others the next time. */
  private static boolean isUncommitted(String commit) {
    return commit.endsWith("-dirty") || commit.equals("unknown");
  }
}
