package dev.kindstead.query;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A script file, cut into its scenario and its cases; {@link PlannerScriptsTest} has its format.
 */
final class PlannerScript {
  private static final String QUERY = "query ";
  private static final String INDENT = "  ";

  /**
   * @param line where it stands in the file, from 1
   * @param expected the indented lines behind it
   */
  record Case(int line, String gql, List<String> expected) {}

  private final Path file;
  private final List<String> lines;
  private final List<Case> cases = new ArrayList<>();
  private final ScriptedScenario scenario;

  PlannerScript(Path file) {
    this.file = file;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> setting = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(QUERY)) {
        cases.add(new Case(i + 1, line.substring(QUERY.length()).strip(), new ArrayList<>()));
      } else if (line.startsWith(INDENT) && !cases.isEmpty()) {
        cases.getLast().expected.add(line.strip());
      } else if (!line.isBlank() && !line.startsWith("#")) {
        setting.add(line);
      }
    }
    scenario = new ScriptedScenario(setting);
  }

  String name() {
    return file.getFileName().toString();
  }

  List<Case> cases() {
    return cases;
  }

  List<String> outcome(Case one) {
    return scenario.outcome(one.gql());
  }

  /** Puts what comes out today behind each query; whether the file had to change for it. */
  boolean isRewritten() {
    List<String> today = new ArrayList<>();
    int next = 0;
    for (String line : lines) {
      if (line.startsWith(QUERY)) {
        today.add(line);
        outcome(cases.get(next++)).forEach(each -> today.add(INDENT + each));
      } else if (!line.startsWith(INDENT)) {
        today.add(line);
      }
    }
    if (today.equals(lines)) {
      return false;
    }
    try {
      Files.write(file, today);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }
}
