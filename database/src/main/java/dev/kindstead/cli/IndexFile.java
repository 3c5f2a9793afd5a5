package dev.kindstead.cli;

import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.query.RequiredIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * An {@code index.yaml} as Google's tools have it, read strictly.
 *
 * @see <a href="https://cloud.google.com/datastore/docs/tools/indexconfig">Index configuration</a>
 */
public final class IndexFile {
  private static final String HEADER =
      """
      # Composite indexes that queries asked for, written by "kindstead dev": it adds to this file.
      indexes:
      """;

  private final Path file;

  private IndexFile(Path file) {
    this.file = file;
  }

  /** The indexes in a file; a {@link Refusal} names the line that makes no sense. */
  public static List<RequiredIndex> read(Path file) {
    return new IndexFile(file).read();
  }

  /** The text of a file with these indexes. */
  public static String text(Collection<RequiredIndex> indexes) {
    StringBuilder text = new StringBuilder(HEADER);
    indexes.forEach(each -> text.append('\n').append(each.yaml()));
    return text.toString();
  }

  private List<RequiredIndex> read() {
    Optional<Node> root = Yaml.compose(file, "the index file");
    if (root.isEmpty()) {
      return List.of();
    }
    Map<String, Node> top = fields(root.get(), List.of("indexes"));
    Node list = top.get("indexes");
    List<RequiredIndex> indexes = new ArrayList<>();
    if (list != null && !isNull(list)) {
      for (Node each : elements(list)) {
        indexes.add(index(each));
      }
    }
    return indexes;
  }

  private RequiredIndex index(Node node) {
    Map<String, Node> fields = fields(node, List.of("kind", "ancestor", "properties"));
    Node properties = fields.get("properties");
    if (properties == null) {
      throw refusal(node, "an index needs \"properties\"");
    }
    List<IndexedProperty> all = new ArrayList<>();
    for (Node each : elements(properties)) {
      Map<String, Node> property = fields(each, List.of("name", "direction"));
      all.add(
          new IndexedProperty(
              text(each, property.get("name"), "name"), isDescending(property.get("direction"))));
    }
    return new RequiredIndex(
        text(node, fields.get("kind"), "kind"), isYes(fields.get("ancestor")), all);
  }

  private boolean isYes(@Nullable Node node) {
    return node != null
        && switch (scalar(node)) {
          case "yes", "true", "on" -> true;
          case "no", "false", "off" -> false;
          default -> throw refusal(node, "ancestor is yes or no");
        };
  }

  private boolean isDescending(@Nullable Node node) {
    return node != null
        && switch (scalar(node)) {
          case "desc" -> true;
          case "asc" -> false;
          default -> throw refusal(node, "direction is asc or desc");
        };
  }

  private String text(Node of, @Nullable Node value, String name) {
    if (value == null) {
      throw refusal(of, "\"" + name + "\" is missing");
    }
    return scalar(value);
  }

  private String scalar(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw refusal(node, "expected one value");
  }

  private static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && scalar.getValue().isEmpty();
  }

  private List<Node> elements(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw refusal(node, "expected a list");
  }

  private Map<String, Node> fields(Node node, List<String> known) {
    if (!(node instanceof MappingNode map)) {
      throw refusal(node, "expected lines of \"key: value\"");
    }
    Map<String, Node> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      String name = scalar(tuple.getKeyNode());
      if (!known.contains(name)) {
        String hint =
            Suggestion.nearest(name, known)
                .map(nearest -> "; did you mean \"" + nearest + "\"?")
                .orElse("; known are " + String.join(", ", known));
        throw refusal(tuple.getKeyNode(), "unknown key \"" + name + "\"" + hint);
      }
      fields.put(name, tuple.getValueNode());
    }
    return fields;
  }

  private Refusal refusal(Node at, String message) {
    return Yaml.refusal(file, at, message);
  }
}
