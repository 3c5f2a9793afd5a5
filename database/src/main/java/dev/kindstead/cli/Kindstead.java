package dev.kindstead.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The root command: finds the subcommand, and turns every failure into a sentence and a code. */
public final class Kindstead implements Runnable {
  private final Map<String, String> environment;
  private final CommandLine commands;

  /**
   * @param environment the process's variables
   * @param server runs a node until it is told to stop and answers the exit code; throws {@link
   *     Refusal}
   */
  public Kindstead(Map<String, String> environment, ToIntFunction<Configuration> server) {
    this.environment = environment;
    var sources = new ConfigurationSources(environment);
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("kindstead");
    spec.usageMessage()
        .description("A document database with the Google Cloud Datastore API.")
        .footer(
            "",
            "First steps:  kindstead dev",
            "Settings come from flags, then KINDSTEAD_* variables, then --config, then defaults.");
    spec.addSubcommand("dev", ServeCommand.dev(sources, server).spec());
    spec.addSubcommand("start", ServeCommand.start(sources, server).spec());
    spec.addSubcommand("config", ConfigCommand.spec(sources));
    spec.addSubcommand("cluster", ClusterCommand.cluster(environment));
    spec.addSubcommand("node", NodeCommand.spec(environment));
    spec.addSubcommand("shard", ClusterCommand.shard(environment));
    spec.addSubcommand("index", IndexCommand.spec(environment));
    spec.addSubcommand("cert", CertificateCommand.spec());
    spec.addSubcommand("version", VersionCommand.spec());
    spec.version(VersionCommand.line());
    commands = new CommandLine(withHelp(spec));
    spec.addOption(
        CommandLine.Model.OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Shows the version.")
            .build());
    commands.setParameterExceptionHandler((e, ignored) -> explain(e));
    commands.setExecutionExceptionHandler((e, command, ignored) -> refuse(e, command));
  }

  /** Has {@code kindstead recover}, too. */
  public Kindstead recovering(RecoverCommand.Recovery recovery) {
    commands.addSubcommand("recover", withHelp(RecoverCommand.spec(environment, recovery)));
    return this;
  }

  /** Redirects both streams, for tests. */
  public Kindstead writingTo(PrintWriter out) {
    commands.setOut(out);
    commands.setErr(out);
    return this;
  }

  /** Runs the command line; the answer is one of {@link ExitCode}. */
  public int run(String... arguments) {
    return commands.execute(arguments);
  }

  /** Without a subcommand. */
  @Override
  public void run() {
    commands.usage(commands.getOut());
  }

  /** Adds {@code --help} to a command and all below it. */
  private static CommandSpec withHelp(CommandSpec spec) {
    spec.addOption(
        CommandLine.Model.OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Shows this help.")
            .build());
    spec.usageMessage().abbreviateSynopsis(true).sortOptions(false);
    spec.subcommands().values().forEach(each -> withHelp(each.getCommandSpec()));
    return spec;
  }

  private static int explain(ParameterException e) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("kindstead: " + e.getMessage());
    List<String> known =
        command.getCommandSpec().options().stream()
            .filter(option -> !option.hidden())
            .flatMap(option -> Stream.of(option.names()))
            .filter(name -> name.startsWith("--"))
            .toList();
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
      List<String> words =
          unmatched.isUnknownOption() ? known : List.copyOf(command.getSubcommands().keySet());
      String word = unmatched.getUnmatched().getFirst().replaceFirst("=.*", "");
      Suggestion.nearest(word, words)
          .ifPresent(nearest -> err.println("Did you mean " + nearest + "?"));
    }
    err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static int refuse(Exception e, CommandLine command) throws Exception {
    if (e instanceof Refusal refusal) {
      command.getErr().println("kindstead: " + refusal.getMessage());
      return refusal.exitCode();
    }
    throw e;
  }
}
