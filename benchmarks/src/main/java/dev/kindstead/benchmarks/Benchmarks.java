package dev.kindstead.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks; docs/benchmarks.md tells how they are run and read. */
@Command(
    name = "benchmarks/run",
    mixinStandardHelpOptions = true,
    subcommands = {
      TableCommand.class,
      QueueCommand.class,
      ScaleCommand.class,
      QueriesCommand.class,
      VectorsCommand.class,
      StartupCommand.class,
      StoreCommand.class,
      ClusterCommand.class
    })
final class Benchmarks {
  private Benchmarks() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Benchmarks())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }
}
