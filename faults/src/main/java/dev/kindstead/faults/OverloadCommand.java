package dev.kindstead.faults;

import dev.kindstead.faults.machine.Machine;
import dev.kindstead.faults.machine.Pause;
import dev.kindstead.faults.machine.Server;
import dev.kindstead.faults.workload.Pressure;
import dev.kindstead.faults.workload.Pressure.Counts;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
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
            + " clients, and with ten times that many requests a second; and what a rejection"
            + " costs one that refuses every write for want of disk space. Judges nothing: prints a"
            + " table.")
final class OverloadCommand implements Callable<Integer> {
  private static final double PROCESSORS = 0.5;
  private static final int TIMES = 10;
  private static final int[] CLIENTS = {64, 256, 512};
  private static final int REFUSED_CLIENTS = 512;
  private static final int INVALID = 3;

  /** More than any disk has. */
  private static final String NO_ROOM = "--disk-headroom=1000TiB";

  /** As long as a measurement; half a processor would be busy with compiling for minutes. */
  private static final int WARM_UP_TIMES = 3;

  /**
   * Of a measurement, as long is the load on before it: thousands of clients connect first, and
   * that they do so all at once says little of a server that serves them.
   */
  private static final int LEAD_IN_PART = 2;

  @Option(
      names = "--seconds",
      description = "Of each measurement (default: ${DEFAULT-VALUE}).",
      defaultValue = "10")
  private int seconds;

  @Spec private @Nullable CommandSpec spec;

  /** One line of the table. */
  private record Measured(Counts counts, double seconds, Duration used) {
    double goodput() {
      return counts.useful() / seconds;
    }

    double microsPer(long operations) {
      return used.toNanos() / 1e3 / Math.max(1, operations);
    }
  }

  private interface Load {
    void run(Pressure pressure, Duration length);
  }

  @Override
  public Integer call() throws IOException {
    Path root = Path.of(System.getProperty("kindstead.root", ".")).toAbsolutePath().normalize();
    Path directory = Files.createTempDirectory("kindstead-overload");
    try {
      Optional<String> missing = new Machine(directory).noController("cpu");
      if (missing.isPresent()) {
        out().println("missing: " + missing.get());
        return INVALID;
      }
      try (Server server = new Server(root, directory.resolve("most"));
          Pressure pressure = new Pressure(server.uri())) {
        measureGoodput(server, pressure);
      }
      try (Server server = new Server(root, directory.resolve("refusing"), NO_ROOM);
          Pressure pressure = new Pressure(server.uri())) {
        measureRejection(server, pressure);
      }
      return 0;
    } finally {
      Faults.delete(directory);
    }
  }

  private void measureGoodput(Server server, Pressure pressure) {
    // Compiled code first, or the ramp would measure the compiler.
    pressure.closed(CLIENTS[1], Duration.ofSeconds(WARM_UP_TIMES * seconds));
    server.hold(PROCESSORS);
    out()
        .printf(
            "%-28s %10s %10s %10s %10s %10s %6s%n",
            "LOAD", "GOODPUT/S", "REJECTED/S", "OTHER/S", "UNSENT/S", "CPU", "LOADAVG");
    int best = CLIENTS[0];
    Measured peak = null;
    for (int clients : CLIENTS) {
      Measured now = one(server, pressure, clients + " clients", (p, l) -> p.closed(clients, l));
      if (peak == null || now.goodput() > peak.goodput()) {
        peak = now;
        best = clients;
      }
    }
    Measured most = Objects.requireNonNull(peak);
    int many = best * TIMES;
    double rate = most.goodput() * TIMES;
    Measured closed = one(server, pressure, many + " clients", (p, l) -> p.closed(many, l));
    Measured open =
        one(server, pressure, "%.0f requests/s".formatted(rate), (p, l) -> p.open(rate, l));
    out()
        .printf(
            "goodput of peak: %.0f %% with 10 times the clients, %.0f %% with 10 times the rate%n",
            100 * closed.goodput() / most.goodput(), 100 * open.goodput() / most.goodput());
    out().printf("a write takes %.0f us of a processor%n", most.microsPer(most.counts.useful()));
    printFailures(pressure);
  }

  private void measureRejection(Server server, Pressure pressure) {
    pressure.closed(CLIENTS[1], Duration.ofSeconds(WARM_UP_TIMES * seconds));
    server.hold(PROCESSORS);
    Measured all =
        one(
            server,
            pressure,
            REFUSED_CLIENTS + " refused clients",
            (p, l) -> p.closed(REFUSED_CLIENTS, l));
    out()
        .printf("a rejection takes %.0f us of a processor%n", all.microsPer(all.counts.rejected()));
    printFailures(pressure);
  }

  private void printFailures(Pressure pressure) {
    pressure.failures().forEach((failure, times) -> out().println(times + " x " + failure));
    out().flush();
  }

  private Measured one(Server server, Pressure pressure, String name, Load load) {
    Duration length = Duration.ofSeconds(seconds);
    Duration leadIn = length.dividedBy(LEAD_IN_PART);
    var running = CompletableFuture.runAsync(() -> load.run(pressure, leadIn.plus(length)));
    Pause.of(leadIn);
    Counts before = pressure.counts();
    Duration usedBefore = server.used();
    long begin = System.nanoTime();
    Pause.of(length);
    double took = (System.nanoTime() - begin) / 1e9;
    Measured now =
        new Measured(pressure.counts().minus(before), took, server.used().minus(usedBefore));
    running.join();
    out()
        .printf(
            "%-28s %10.0f %10.0f %10.0f %10.0f %9.0f%% %6.1f%n",
            name,
            now.goodput(),
            now.counts.rejected() / took,
            now.counts.other() / took,
            now.counts.unsent() / took,
            now.used.toMillis() / took / 10,
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    out().flush();
    return now;
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
  }
}
