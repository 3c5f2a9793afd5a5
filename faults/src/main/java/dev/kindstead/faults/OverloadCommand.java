package dev.kindstead.faults;

import dev.kindstead.faults.workload.Pressure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is left of a server's work when ten times too much is asked of it. */
@Command(
    name = "overload",
    mixinStandardHelpOptions = true,
    description =
        "Measures one server held to half a processor: the most it does, then with ten times those"
            + " clients, and with ten times that many requests a second; how soon it is as before;"
            + " and what a rejection for want of room costs. Less than 70 %% of the most, or more"
            + " than 10 s until it is as before, fails.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the goals are reached",
      "1:a goal is missed",
      "2:a wrong command line",
      "3:invalid: others took the processor, or so much could not be asked"
    })
final class OverloadCommand implements Callable<Integer> {
  /** Of each entity, besides some. */
  private static final int ENTITY_BYTES = 16;

  private static final int CONNECTIONS = 64;

  /** As the night measures. */
  static final Pressure.Asking ASKING = new Pressure.Asking(ENTITY_BYTES, CONNECTIONS);

  @Option(
      names = "--seconds",
      description = "Of each measurement (default: ${DEFAULT-VALUE}).",
      defaultValue = "10")
  private int seconds;

  @Option(
      names = "--entity-bytes",
      description = "Of each entity that is written, besides some (default: ${DEFAULT-VALUE}).",
      defaultValue = "" + ENTITY_BYTES)
  private int entityBytes;

  @Option(
      names = "--connections",
      description =
          "By which a rate is asked, each with as many streams as the server allows (default:"
              + " ${DEFAULT-VALUE}).",
      defaultValue = "" + CONNECTIONS)
  private int connections;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Path root = Path.of(System.getProperty("kindstead.root", ".")).toAbsolutePath().normalize();
    Path directory = Files.createTempDirectory("kindstead-overload");
    try {
      var measurement =
          new OverloadMeasurement(
              root,
              directory,
              Duration.ofSeconds(seconds),
              new Pressure.Asking(entityBytes, connections),
              this::tell);
      measurement.run();
      measurement.missed().forEach(each -> tell("missed: " + each));
      measurement.invalid().forEach(each -> tell("invalid: " + each));
      return Faults.exitCode(measurement.verdict());
    } finally {
      Faults.delete(directory);
    }
  }

  private void tell(String line) {
    PrintWriter out = Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
