package dev.kindstead.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** YAML files as nodes that know their lines, and what is told of those that make no sense. */
final class Yaml {
  /** Of lists and maps within each other; no file of ours has more than five. */
  private static final int DEPTH_MAX = 50;

  private Yaml() {}

  /**
   * The file's root, empty for an empty file.
   *
   * @param what names the file for a refusal
   */
  static Optional<Node> compose(Path file, String what) {
    try {
      String text = Files.readString(file);
      LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
      checkDepth(file, new Parse(settings).parseString(text));
      return new Compose(settings).composeString(text);
    } catch (IOException e) {
      throw new Refusal(ExitCode.USAGE, "can't read " + what + " " + file + ": " + e);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new Refusal(ExitCode.USAGE, "%s:%d: %s".formatted(file, line, e.getProblem()));
    } catch (YamlEngineException e) {
      throw new Refusal(ExitCode.USAGE, file + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      // The library's scanner takes the digits of \\u and \\U on trust.
      throw new Refusal(ExitCode.USAGE, file + ": an escape that is none: " + e.getMessage());
    }
  }

  /** The composer descends with the nodes, the parser does not. */
  private static void checkDepth(Path file, Iterable<Event> events) {
    int depth = 0;
    for (Event event : events) {
      if (event instanceof CollectionStartEvent && ++depth > DEPTH_MAX) {
        throw new Refusal(ExitCode.USAGE, file + ": more than " + DEPTH_MAX + " levels");
      }
      depth -= event instanceof CollectionEndEvent ? 1 : 0;
    }
  }

  static Refusal refusal(Path file, Node at, String message) {
    return new Refusal(ExitCode.USAGE, "%s:%d: %s".formatted(file, lineOf(at), message));
  }

  static int lineOf(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
