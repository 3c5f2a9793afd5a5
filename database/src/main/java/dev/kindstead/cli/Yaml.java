package dev.kindstead.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** YAML files as nodes that know their lines, and what is told of those that make no sense. */
final class Yaml {
  private Yaml() {}

  /**
   * The file's root, empty for an empty file.
   *
   * @param what names the file for a refusal
   */
  static Optional<Node> compose(Path file, String what) {
    try {
      String text = Files.readString(file);
      return new Compose(LoadSettings.builder().setLabel(file.toString()).build())
          .composeString(text);
    } catch (IOException e) {
      throw new Refusal(ExitCode.USAGE, "can't read " + what + " " + file + ": " + e);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new Refusal(ExitCode.USAGE, "%s:%d: %s".formatted(file, line, e.getProblem()));
    } catch (YamlEngineException e) {
      throw new Refusal(ExitCode.USAGE, file + ": " + e.getMessage());
    }
  }

  static Refusal refusal(Path file, Node at, String message) {
    return new Refusal(ExitCode.USAGE, "%s:%d: %s".formatted(file, lineOf(at), message));
  }

  static int lineOf(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
