package dev.kindstead.faults;

import dev.kindstead.faults.Report.Verdict;
import dev.kindstead.faults.machine.Machine;
import dev.kindstead.faults.machine.Pause;
import dev.kindstead.faults.machine.Server;
import dev.kindstead.faults.workload.Pressure;
import dev.kindstead.faults.workload.Pressure.Counts;
import dev.kindstead.telemetry.Json;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What one server, held to a part of a processor, does at its best, and what is left of that when
 * ten times too much is asked. Confined to one thread.
 */
final class OverloadMeasurement {
  /** So that whoever makes the load has room. */
  private static final double PROCESSORS = 0.5;

  private static final int TIMES = 10;
  private static final int[] CLIENTS = {64, 256, 512};
  private static final int WARM_UP_CLIENTS = 256;
  private static final int REFUSED_CLIENTS = 512;

  /** Times as long as a measurement; half a processor would be busy with compiling for minutes. */
  private static final int WARM_UP_TIMES = 4;

  /** Requests a second: more than the server does with all processors. */
  private static final double WARM_UP_RATE = 50_000;

  /**
   * Of a measurement, as long is the load on before it: thousands of clients connect first, and
   * that they do so all at once says little of a server that serves them.
   */
  private static final int LEAD_IN_PART = 2;

  /** Of the peak, must be left. */
  private static final double GOODPUT_SHARE_MIN = 0.7;

  /** After the load has ended. */
  private static final Duration RECOVERY_MAX = Duration.ofSeconds(10);

  private static final Duration RECOVERY_WINDOW = Duration.ofSeconds(1);

  /** Of the peak; one load measured twice differs by as much. */
  private static final double RECOVERED_SHARE = 0.9;

  /**
   * Of what the server may have, it must have got: else others have taken it, and nothing counts.
   */
  private static final double USED_SHARE_MIN = 0.85;

  /** With so few places nearly everything is refused for want of room. */
  private static final String FEW_PLACES = "--requests-in-flight-max=64";

  private final Path root;
  private final Path directory;
  private final Duration length;
  private final Pressure.Asking asking;
  private final Consumer<String> told;
  private final List<String> lines = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();
  private final List<String> invalid = new ArrayList<>();

  /** One line of the table. */
  private record Measured(Counts counts, double seconds, Duration used) {
    double goodput() {
      return counts.useful() / seconds;
    }

    double processors() {
      return used.toNanos() / 1e9 / seconds;
    }

    double writeMicros() {
      return used.toNanos() / 1e3 / Math.max(1, counts.useful());
    }

    /** What is left when the writes in it are taken off. */
    double rejectionMicros(double writeMicros) {
      double rest = used.toNanos() / 1e3 - counts.useful() * writeMicros;
      return rest / Math.max(1, counts.rejected());
    }
  }

  private interface Load {
    void run(Duration length);
  }

  /** The best of some numbers of clients. */
  private record Peak(int clients, Measured measured) {}

  private interface Clients {
    void run(int clients, Duration length);
  }

  /**
   * @param length of each measurement
   * @param told lines of a table
   */
  OverloadMeasurement(
      Path root, Path directory, Duration length, Pressure.Asking asking, Consumer<String> told) {
    this.root = root;
    this.directory = directory;
    this.length = length;
    this.asking = asking;
    this.told = told;
  }

  /** Goals that were missed. */
  List<String> missed() {
    return missed;
  }

  /** Why nothing can be said; empty when it can. */
  List<String> invalid() {
    return invalid;
  }

  /** Where others took the processor, what was missed says nothing. */
  Verdict verdict() {
    if (!invalid.isEmpty()) {
      return Verdict.INVALID;
    }
    return missed.isEmpty() ? Verdict.PASSED : Verdict.FAILED;
  }

  void run() {
    Optional<String> missing = new Machine(directory).noController("cpu");
    if (missing.isPresent()) {
      invalid.add("missing: " + missing.get());
      return;
    }
    tell(
        "%-26s %9s %9s %10s %9s %9s %5s %7s",
        "LOAD", "DUE/S", "GOODPUT/S", "REJECTED/S", "OTHER/S", "UNSENT/S", "CPU", "LOADAVG");
    double writeMicros;
    try (Server server = new Server(root, directory.resolve("most"))) {
      writeMicros = measureGoodput(server, new Pressure(server.uri(), asking));
    }
    try (Server server = new Server(root, directory.resolve("refusing"), FEW_PLACES)) {
      measureRejection(server, new Pressure(server.uri(), asking), writeMicros);
    }
  }

  /** What a write takes, in microseconds of a processor. */
  private double measureGoodput(Server server, Pressure pressure) {
    // Compiled code first, or the ramp would measure the compiler; of what waits and is refused,
    // too, which nothing has yet at the peak.
    pressure.shared(WARM_UP_CLIENTS, length.multipliedBy(WARM_UP_TIMES));
    pressure.open(WARM_UP_RATE, length.multipliedBy(WARM_UP_TIMES));
    server.hold(PROCESSORS);
    Peak own = peak(server, pressure, "clients", pressure::closed);
    Peak shared = peak(server, pressure, "that share connections", pressure::shared);
    if (own.measured.goodput() <= 0 || shared.measured.goodput() <= 0) {
      // Of nothing every share is reached.
      missed.add("no useful answer with any number of clients");
      return 0;
    }
    demand(
        own,
        "clients",
        one(
            server,
            pressure,
            own.clients * TIMES + " clients",
            l -> pressure.closed(own.clients * TIMES, l)));
    recover(pressure, shared);
    double rate = shared.measured.goodput() * TIMES;
    Measured open =
        one(server, pressure, "%.0f requests/s".formatted(rate), l -> pressure.open(rate, l));
    demand(shared, "rate", open);
    if (open.counts.rejected() + open.counts.unsent() == 0) {
      invalid.add("nothing was rejected or held back by the server at ten times the rate");
    } else if (open.counts.rejected() > 0) {
      tell(
          "a rejection takes at most %.0f us of a processor at that rate",
          open.rejectionMicros(shared.measured.writeMicros()));
    }
    recover(pressure, shared);
    tell("a write takes %.0f us of a processor", shared.measured.writeMicros());
    pressure.failures().forEach((failure, times) -> tell("%d x %s", times, failure));
    return shared.measured.writeMicros();
  }

  private Peak peak(Server server, Pressure pressure, String name, Clients load) {
    Peak best = null;
    for (int clients : CLIENTS) {
      Measured now = one(server, pressure, clients + " " + name, l -> load.run(clients, l));
      if (best == null || now.goodput() > best.measured.goodput()) {
        best = new Peak(clients, now);
      }
    }
    if (best == null) {
      throw new IllegalStateException("no numbers of clients");
    }
    if (best.measured.processors() < PROCESSORS * USED_SHARE_MIN) {
      invalid.add(
          "at its peak the server had %.2f of %.2f processors: others took them"
              .formatted(best.measured.processors(), PROCESSORS));
    }
    return best;
  }

  private void demand(Peak peak, String what, Measured now) {
    double share = now.goodput() / peak.measured.goodput();
    tell("goodput with %d times the %s: %.0f %% of the peak", TIMES, what, 100 * share);
    if (share < GOODPUT_SHARE_MIN) {
      missed.add(
          "goodput with %d times the %s is %.0f %% of the peak, %.0f %% are demanded"
              .formatted(TIMES, what, 100 * share, 100 * GOODPUT_SHARE_MIN));
    }
  }

  /** Right after the overload. */
  private void recover(Pressure pressure, Peak peak) {
    Duration whole = RECOVERY_MAX.plus(RECOVERY_WINDOW);
    var running = CompletableFuture.runAsync(() -> pressure.shared(peak.clients, whole));
    long begin = System.nanoTime();
    double most = 0;
    double after = -1;
    while (after < 0 && System.nanoTime() - begin < RECOVERY_MAX.toNanos()) {
      long before = pressure.counts().useful();
      long windowBegin = System.nanoTime();
      Pause.of(RECOVERY_WINDOW);
      double rate = (pressure.counts().useful() - before) * 1e9 / (System.nanoTime() - windowBegin);
      most = Math.max(most, rate);
      if (rate >= RECOVERED_SHARE * peak.measured.goodput()) {
        after = (System.nanoTime() - begin) / 1e9;
      }
    }
    running.join();
    if (after < 0) {
      missed.add(
          "no recovery: at most %.0f useful answers/s within %d s after it, %.0f before"
              .formatted(most, RECOVERY_MAX.toSeconds(), peak.measured.goodput()));
    } else {
      tell("recovered within %.0f s", after);
    }
  }

  private void measureRejection(Server server, Pressure pressure, double writeMicros) {
    pressure.shared(REFUSED_CLIENTS, length.multipliedBy(WARM_UP_TIMES));
    server.hold(PROCESSORS);
    Measured all =
        one(
            server,
            pressure,
            REFUSED_CLIENTS + ", 64 places",
            l -> pressure.shared(REFUSED_CLIENTS, l));
    tell(
        "a rejection takes %.0f us of a processor where few places are",
        all.rejectionMicros(writeMicros));
    if (all.counts.rejected() == 0) {
      invalid.add("the server with few places rejected nothing");
    }
  }

  private Measured one(Server server, Pressure pressure, String name, Load load) {
    Duration leadIn = length.dividedBy(LEAD_IN_PART);
    var running = CompletableFuture.runAsync(() -> load.run(leadIn.plus(length)));
    Pause.of(leadIn);
    Counts before = pressure.counts();
    Duration usedBefore = server.used();
    long begin = System.nanoTime();
    Pause.of(length);
    double took = (System.nanoTime() - begin) / 1e9;
    Counts counts = pressure.counts().minus(before);
    Measured now = new Measured(counts, took, server.used().minus(usedBefore));
    running.join();
    tell(
        "%-26s %9.0f %9.0f %10.0f %9.0f %9.0f %4.0f%% %7.1f",
        name,
        counts.due() / took,
        now.goodput(),
        counts.rejected() / took,
        counts.other() / took,
        counts.unsent() / took,
        100 * now.processors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    return now;
  }

  /** All of it, for {@link Totals}. */
  String json(String commit) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("commit", commit);
    tree.put("lines", lines);
    tree.put("missed", missed);
    tree.put("invalid", invalid);
    return Json.write(tree);
  }

  private void tell(String format, Object... values) {
    String line = String.format(Locale.ROOT, format, values);
    lines.add(line);
    told.accept(line);
  }
}
