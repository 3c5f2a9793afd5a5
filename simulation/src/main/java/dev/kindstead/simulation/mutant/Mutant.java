package dev.kindstead.simulation.mutant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A bug to be planted: a text of one source file, and what stands there instead; several where one
 * guard stands behind another. Immutable.
 *
 * @param rule of design.md, section 5, that it breaks
 * @param what it does wrong, in a sentence
 * @param file below {@code database/src/main/java/dev/kindstead}
 * @param unsimulated why the simulation can't find it; null when it must
 * @param options of the simulation, beside the seeds
 * @param tests classes below {@code dev.kindstead}
 * @param digest of its file: what was found of an earlier one is not found of this
 */
public record Mutant(
    String name,
    int rule,
    String what,
    String file,
    @Nullable String unsimulated,
    List<String> options,
    List<String> tests,
    List<Change> changes,
    String digest) {
  static final int RULES = 13;

  /**
   * A text and its replacement.
   *
   * @param from is there exactly once
   */
  record Change(String from, String to) {}

  /** Of it that are written: enough to tell two versions of one file apart. */
  private static final int DIGEST_BYTES = 4;

  private static final String ENDING = ".txt";
  private static final String FROM = "\n--- from\n";
  private static final String TO = "\n--- to\n";
  private static final List<String> FIELDS =
      List.of("rule", "what", "file", "unsimulated", "options", "tests");

  /** All of a folder, by rule, then by name. */
  public static List<Mutant> readAll(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(ENDING))
          .map(Mutant::read)
          .sorted(Comparator.comparingInt(Mutant::rule).thenComparing(Mutant::name))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Mutant read(Path file) {
    String fileName = String.valueOf(file.getFileName());
    String name = fileName.substring(0, fileName.length() - ENDING.length());
    try {
      return parse(name, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** IllegalArgumentException says what is wrong with the text. */
  static Mutant parse(String name, String text) {
    String[] parts = text.split(FROM, -1);
    Map<String, String> fields = fields(name, parts[0]);
    List<String> tests = words(fields.getOrDefault("tests", ""));
    String unsimulated = fields.get("unsimulated");
    if (unsimulated != null && tests.isEmpty()) {
      throw wrong(name, "names no check at all");
    }
    return new Mutant(
        name,
        number(name, "rule", field(name, fields, "rule"), RULES),
        field(name, fields, "what"),
        field(name, fields, "file"),
        unsimulated,
        words(fields.getOrDefault("options", "")),
        tests,
        changes(name, Arrays.asList(parts).subList(1, parts.length)),
        digest(text));
  }

  private static String digest(String text) {
    try {
      byte[] all =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(all, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Change> changes(String name, List<String> parts) {
    var changes = new ArrayList<Change>();
    for (String part : parts) {
      // What is only removed has nothing between the second mark and the end.
      String[] both = ("\n" + part + "\n").split(TO, -1);
      if (both.length != 2 || both[0].isBlank()) {
        throw wrong(name, "has no '--- to' behind a '--- from', or nothing in between");
      }
      changes.add(new Change(both[0].substring(1), both[1].stripTrailing()));
    }
    if (changes.isEmpty()) {
      throw wrong(name, "changes nothing: it has no '--- from'");
    }
    return List.copyOf(changes);
  }

  private static Map<String, String> fields(String name, String head) {
    Map<String, String> fields = new HashMap<>();
    for (String line : head.split("\n", -1)) {
      int colon = line.indexOf(": ");
      String field = colon < 0 ? line : line.substring(0, colon);
      if (colon < 0 || !FIELDS.contains(field)) {
        throw wrong(name, "has a line that is none of " + FIELDS + ": " + line);
      }
      fields.put(field, line.substring(colon + 2));
    }
    return fields;
  }

  private static String field(String name, Map<String, String> fields, String field) {
    String value = fields.get(field);
    if (value == null) {
      throw wrong(name, "has no " + field);
    }
    return value;
  }

  private static int number(String name, String field, String value, int max) {
    try {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= max) {
        return number;
      }
    } catch (NumberFormatException none) {
      // Said below.
    }
    throw wrong(name, field + " is no number from 1 to " + max + ": " + value);
  }

  private static List<String> words(String line) {
    var words = new ArrayList<String>(Arrays.asList(line.split(" ")));
    words.removeIf(String::isEmpty);
    return List.copyOf(words);
  }

  private static IllegalArgumentException wrong(String name, String why) {
    return new IllegalArgumentException("mutant " + name + " " + why);
  }

  boolean isSimulated() {
    return unsimulated == null;
  }

  /** The source with the bug; IllegalArgumentException when it is not certain where it belongs. */
  String plantInto(String source) {
    String planted = source;
    for (Change change : changes) {
      int at = planted.indexOf(change.from());
      if (at < 0 || planted.indexOf(change.from(), at + 1) >= 0) {
        throw wrong(
            name,
            "%s %s: mend the mutant, or delete it with a reason"
                .formatted(at < 0 ? "finds no such text in" : "finds its text twice in", file));
      }
      planted =
          planted.substring(0, at) + change.to() + planted.substring(at + change.from().length());
    }
    return planted;
  }
}
