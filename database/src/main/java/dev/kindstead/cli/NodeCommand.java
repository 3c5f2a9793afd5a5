package dev.kindstead.cli;

import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kindstead node}: what there is to do about nodes. */
final class NodeCommand {
  private NodeCommand() {}

  static CommandSpec spec(Map<String, String> environment) {
    CommandSpec group = CommandSpec.create();
    group.usageMessage().description("Shows the nodes of a cluster.");
    group.addSubcommand("list", ClusterCommand.nodeList(environment));
    return group;
  }
}
