package dev.kindstead.server;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The file {@code groups} of a data directory: which replica groups have files here, and which. A
 * group that has lost them would begin anew, and vote with an empty log for what it has
 * acknowledged to have; so such a node does not start.
 *
 * <p>Bytes: docs/formats/data-directory.md. Used by one thread.
 */
final class GroupFiles {
  static final String NAME = "groups";

  private static final String FIRST_LINE = "kindstead-groups 1";

  /** One word, behind which earlier versions look for no files. */
  private static final String CHECKSUM = "checksum:";

  /** What a replica can't do without; the store may be one of several generations. */
  private static final List<String> PARTS = List.of("log", "store", "vote");

  private final Path directory;

  GroupFiles(Path directory) {
    this.directory = directory;
  }

  /**
   * Compares what is there with what was; a directory of a version without the file passes.
   *
   * @throws Refusal when something is missing, or the file is none of a known format
   */
  void check() {
    Path file = directory.resolve(NAME);
    try {
      if (!Files.exists(file)) {
        return;
      }
      String text = Files.readString(file);
      List<String> lines = text.lines().toList();
      if (lines.isEmpty() || !lines.getFirst().equals(FIRST_LINE)) {
        throw new Refusal(
            ExitCode.DATA_NOT_OURS,
            "can't read %s: its first line is not \"%s\"".formatted(file, FIRST_LINE));
      }
      if (lines.getLast().startsWith(CHECKSUM)
          && !lines.getLast().equals(sumOf(Checksum.before(text)))) {
        throw new Refusal(
            ExitCode.DATA_NOT_OURS,
            "can't read %s: its checksum does not match: it is damaged".formatted(file));
      }
      List<String> missing = missing(lines.subList(1, lines.size()));
      if (!missing.isEmpty()) {
        throw new Refusal(
            ExitCode.DATA_NOT_OURS,
            """
            the data directory %s has lost %s: this node would vote as if it had never acknowledged
            what was there. Bring the files back if they are elsewhere; else start it with an empty
            data directory, as a new node, once the others are there: kindstead node add.\
            """
                .formatted(directory, String.join(", ", missing)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sumOf(String text) {
    return CHECKSUM + "%08x".formatted(Checksum.of(text));
  }

  private List<String> missing(List<String> lines) throws IOException {
    List<String> missing = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ");
      for (int part = 1; part < words.length; part++) {
        if (!has(words[0], words[part])) {
          missing.add(words[0] + "/" + words[part]);
        }
      }
    }
    return missing;
  }

  private boolean has(String group, String part) throws IOException {
    Path files = directory.resolve(group);
    if (!Files.isDirectory(files)) {
      return false;
    }
    try (Stream<Path> all = Files.list(files)) {
      return all.map(each -> each.getFileName().toString())
          .anyMatch(name -> name.equals(part) || name.startsWith(part + ".generation-"));
    }
  }

  /** Writes down what is there, once the groups have begun. */
  void keep(List<String> groups, NodeFiles node) {
    try {
      var text = new StringBuilder(FIRST_LINE + "\n");
      for (String group : groups) {
        List<String> parts = new ArrayList<>();
        for (String part : PARTS) {
          if (has(group, part)) {
            parts.add(part);
          }
        }
        text.append(group).append(parts.stream().map(" "::concat).collect(Collectors.joining()));
        text.append('\n');
      }
      text.append(sumOf(text.toString())).append('\n');
      Path file = directory.resolve(NAME);
      if (!Files.exists(file) || !Files.readString(file).contentEquals(text)) {
        node.write(NAME, text.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
