package dev.kindstead.cli;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.DescriptionJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code kindstead node list}, and {@code kill}, {@code pause} and {@code start} for the nodes of a
 * development cluster on this machine.
 */
final class NodeCommand implements Callable<Integer> {
  private static final String DATA_DIR = "--data-dir";
  private static final long START_MILLIS_MAX = 10_000;
  private static final long POLL_MILLIS = 50;

  /** What a subcommand does to a node; answers a line for the user. */
  private interface Action {
    String run(DevDirectory directory, int node);
  }

  private final Map<String, String> environment;
  private final Action action;
  private final CommandSpec spec;

  private NodeCommand(Map<String, String> environment, Action action, String description) {
    this.environment = environment;
    this.action = action;
    spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage().description(description);
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .required(true)
            .type(String.class)
            .paramLabel("N")
            .description("Which node, as [nN] in front of its lines.")
            .build());
    spec.addOption(
        OptionSpec.builder(DATA_DIR)
            .type(Path.class)
            .paramLabel("DIRECTORY")
            .description("That of \"kindstead dev --nodes\". Default: where that keeps it.")
            .build());
  }

  static CommandSpec spec(Map<String, String> environment) {
    CommandSpec group = CommandSpec.create();
    group
        .usageMessage()
        .description(
            "Shows, adds, drains and removes the nodes of a cluster.",
            "Kills, pauses and starts those of a \"kindstead dev --nodes\" on this machine.");
    group.addSubcommand("list", ClusterCommand.nodeList(environment));
    group.addSubcommand("add", NodeChangeCommand.add(environment));
    group.addSubcommand("drain", NodeChangeCommand.drain(environment));
    group.addSubcommand("remove", NodeChangeCommand.remove(environment));
    group.addSubcommand(
        "kill",
        new NodeCommand(
                environment,
                NodeCommand::kill,
                "Kills a node of a development cluster, as a crash does (SIGKILL).")
            .spec);
    group.addSubcommand(
        "pause",
        new NodeCommand(
                environment,
                NodeCommand::pause,
                "Stops a node of a development cluster where it stands (SIGSTOP).")
            .spec);
    group.addSubcommand(
        "start",
        new NodeCommand(
                environment,
                NodeCommand::start,
                "Starts a node of a development cluster again, or lets a paused one go on.")
            .spec);
    return group;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    PrintWriter out = spec.commandLine().getOut();
    String variable = environment.getOrDefault(Setting.DATA_DIR.variable(), "");
    Path byDefault = variable.isEmpty() ? DevDirectory.temporary() : Path.of(variable);
    DevDirectory directory = DevDirectory.at(parsed.matchedOptionValue(DATA_DIR, byDefault));
    int size = directory.size();
    if (size == 0 || !directory.isRunning()) {
      throw new Refusal(
          ExitCode.USAGE,
          """
          no development cluster runs in %s.
          Start one with "kindstead dev --nodes 3", or say where it is with --data-dir.\
          """
              .formatted(directory.path()));
    }
    out.println(action.run(directory, number(parsed.matchedPositionalValue(0, ""), size)));
    return ExitCode.OK;
  }

  private static int number(String text, int size) {
    String digits = text.startsWith("n") ? text.substring(1) : text;
    for (int node = 1; node <= size; node++) {
      if (digits.equals(Integer.toString(node))) {
        return node;
      }
    }
    throw new Refusal(ExitCode.USAGE, "there are nodes 1 to %d, not %s".formatted(size, text));
  }

  private static ProcessHandle running(DevDirectory directory, int node) {
    return directory
        .process(node)
        .orElseThrow(() ->
            new Refusal(
                ExitCode.USAGE,
                "node %d does not run: %s starts it"
                    .formatted(node, directory.startCommand(node))));
  }

  private static String kill(DevDirectory directory, int node) {
    ProcessHandle process = running(directory, node);
    process.destroyForcibly();
    process.onExit().join();
    return "Killed node %d (process %d). %s starts it again."
        .formatted(node, process.pid(), directory.startCommand(node));
  }

  private static String pause(DevDirectory directory, int node) {
    ProcessHandle process = running(directory, node);
    OwnProcess.signal(process, "STOP");
    return "Paused node %d (process %d). %s lets it go on."
        .formatted(node, process.pid(), directory.startCommand(node));
  }

  private static String start(DevDirectory directory, int node) {
    Optional<ProcessHandle> running = directory.process(node);
    if (running.isPresent()) {
      OwnProcess.signal(running.get(), "CONT");
      if (isDrained(directory, node)) {
        return "Node %d goes on (process %d), but is drained, until it is started anew: %s, then %s."
            .formatted(
                node,
                running.get().pid(),
                directory.killCommand(node),
                directory.startCommand(node));
      }
      return "Node %d goes on (process %d).".formatted(node, running.get().pid());
    }
    directory.requestStart(node);
    for (long waited = 0; waited < START_MILLIS_MAX; waited += POLL_MILLIS) {
      Optional<ProcessHandle> started = directory.process(node);
      if (started.isPresent()) {
        return "Started node %d (process %d).".formatted(node, started.get().pid());
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        throw new Refusal(ExitCode.UNEXPECTED, "interrupted");
      }
    }
    throw new Refusal(
        ExitCode.UNEXPECTED, "node %d has not started: its lines say why".formatted(node));
  }

  /** By its own word; one that does not answer is not known to be. */
  private static boolean isDrained(DevDirectory directory, int node) {
    Optional<String> api = directory.api(node);
    if (api.isEmpty()) {
      return false;
    }
    try (var client = new AdminClient(api.get(), null)) {
      ClusterDescription seen = DescriptionJson.readCluster(client.page("/cluster"));
      return seen.draining().contains(seen.askedNodeId());
    } catch (Refusal | IllegalArgumentException unknown) {
      return false;
    }
  }
}
