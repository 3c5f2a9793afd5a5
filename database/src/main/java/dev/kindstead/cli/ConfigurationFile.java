package dev.kindstead.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A YAML file of {@code key: value} lines, read strictly: what it can't mean is refused. */
final class ConfigurationFile {
  private ConfigurationFile() {}

  static Map<Setting<?>, Configuration.Choice> read(Path file) {
    Map<Setting<?>, Configuration.Choice> choices = new LinkedHashMap<>();
    for (NodeTuple line : lines(file)) {
      Setting<?> setting = setting(file, line.getKeyNode());
      Node value = line.getValueNode();
      if (!(value instanceof ScalarNode scalar)) {
        throw Yaml.refusal(file, value, setting + " takes one value, not a list or a map");
      }
      var origin = new Origin.File(file.toString(), Yaml.lineOf(value));
      if (choices.put(setting, new Configuration.Choice(scalar.getValue(), origin)) != null) {
        throw Yaml.refusal(file, line.getKeyNode(), setting + " is given twice");
      }
    }
    return choices;
  }

  private static List<NodeTuple> lines(Path file) {
    Optional<Node> root = Yaml.compose(file, "the configuration file");
    if (root.isEmpty()) {
      return List.of();
    }
    if (root.get() instanceof MappingNode map) {
      return map.getValue();
    }
    throw Yaml.refusal(file, root.get(), "expected lines of \"key: value\"");
  }

  private static Setting<?> setting(Path file, Node key) {
    String name = key instanceof ScalarNode scalar ? scalar.getValue() : key.toString();
    for (Setting<?> setting : Setting.ALL) {
      if (setting.key().equals(name)) {
        return setting;
      }
    }
    List<String> known = Setting.ALL.stream().map(Setting::key).toList();
    String hint =
        Suggestion.nearest(name, known)
            .map(nearest -> "; did you mean \"" + nearest + "\"?")
            .orElse("; \"kindstead config show\" lists all of them");
    throw Yaml.refusal(file, key, "unknown key \"" + name + "\"" + hint);
  }
}
