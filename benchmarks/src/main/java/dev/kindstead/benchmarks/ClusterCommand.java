package dev.kindstead.benchmarks;

import dev.kindstead.benchmarks.ClusterTable.ClosedLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What three nodes on one machine do, beside etcd and PostgreSQL, and when one of them dies. */
@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    description = "Three nodes: every operation, idle CPU, fail-over; beside etcd and PostgreSQL.")
final class ClusterCommand implements Callable<Integer> {
  private static final Duration QUICK = Duration.ofSeconds(3);
  private static final int QUICK_IDLE_SECONDS = 10;
  private static final int QUICK_TRIALS = 3;
  private static final String IDLE = "idle";
  private static final String FAILOVER = "failover";

  @Option(
      names = "--quick",
      description = "3 s a figure, 10 s of idleness, three fail-overs, whatever else is said.")
  private boolean quick;

  @Option(
      names = "--seconds",
      description = "Length of one figure, ${DEFAULT-VALUE}.",
      defaultValue = "12")
  private int seconds;

  @Option(
      names = "--warmup-seconds",
      description = "For each operation, before the first is measured, ${DEFAULT-VALUE}.",
      defaultValue = "30")
  private int warmupSeconds;

  @Option(names = "--clients", description = "${DEFAULT-VALUE}.", defaultValue = "64")
  private int clients;

  @Option(
      names = "--only",
      split = ",",
      description = "Of ${DEFAULT-VALUE}.",
      defaultValue = "upsert,lookup,one-shard,two-shards,query,idle,failover")
  private List<String> only = List.of();

  @Option(
      names = "--servers",
      split = ",",
      description = "Of ${DEFAULT-VALUE}.",
      defaultValue = "kindstead,etcd,postgresql")
  private List<String> servers = List.of();

  @Option(
      names = "--through",
      description = "The nodes the clients are connected to, of ${COMPLETION-CANDIDATES}.",
      defaultValue = "ALL")
  private Through through = Through.ALL;

  @Option(
      names = "--idle-seconds",
      description = "How long idle nodes are watched, ${DEFAULT-VALUE}; 0: not at all.",
      defaultValue = "60")
  private int idleSeconds;

  @Option(
      names = "--failover-trials",
      description = "How often the serving node is killed, ${DEFAULT-VALUE}; 0: never.",
      defaultValue = "20")
  private int failoverTrials;

  @Option(
      names = "--data-dir",
      description =
          "Holds all data directories, of all servers; by default benchmarks/target/runs.")
  private @Nullable Path dataDirectory;

  private final Dataset data = new Dataset("benchmarks", 100_000, 20_000);

  @Override
  public Integer call() throws IOException, SQLException {
    Path scratch = dataDirectory == null ? Repository.scratch() : Repository.scratch(dataDirectory);
    System.err.println("data directories: " + scratch);
    System.out.printf(
        "%s, %d processors, load average %s%n%n",
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        Runtime.getRuntime().availableProcessors(),
        Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    String idle = "";
    boolean nothingLost = true;
    if (!operations().isEmpty() || idleSeconds() > 0) {
      var table = new ClusterTable(clients, length(warmupSeconds), length(seconds));
      if (servers.contains("kindstead")) {
        idle = kindstead(directory(scratch, "kindstead"), table);
      }
      if (operations().contains(ClusterOperation.UPSERT)) {
        etcd(directory(scratch, "etcd"), table);
        postgresql(scratch.resolve("postgresql"), table);
      }
      System.out.println(idle);
    }
    if (servers.contains("kindstead") && failoverTrials() > 0) {
      try (KindsteadNodes nodes = KindsteadNodes.started(directory(scratch, FAILOVER))) {
        nothingLost = new Failover(nodes).run(failoverTrials());
      }
    }
    Repository.delete(scratch);
    return nothingLost ? 0 : 1;
  }

  private List<ClusterOperation> operations() {
    return Stream.of(ClusterOperation.values())
        .filter(operation -> only.contains(operation.option()))
        .toList();
  }

  private int idleSeconds() {
    int wanted = quick ? Math.min(idleSeconds, QUICK_IDLE_SECONDS) : idleSeconds;
    return only.contains(IDLE) ? wanted : 0;
  }

  private int failoverTrials() {
    int wanted = quick ? Math.min(failoverTrials, QUICK_TRIALS) : failoverTrials;
    return only.contains(FAILOVER) ? wanted : 0;
  }

  private Duration length(int wantedSeconds) {
    return quick ? QUICK : Duration.ofSeconds(wantedSeconds);
  }

  private static Path directory(Path scratch, String name) throws IOException {
    return Files.createDirectories(scratch.resolve(name));
  }

  /** Returns how idle the nodes are afterwards. */
  private String kindstead(Path directory, ClusterTable table) {
    var workloads = new Workloads(data);
    var pairs = new ShardPairs(data, KindsteadNodes.SHARDS);
    try (KindsteadNodes nodes = KindsteadNodes.started(directory)) {
      int serving = nodes.serving();
      try (Load load = Load.spread(nodes.processes(), nodes.ports(through))) {
        Preload.run(load, data);
        for (ClusterOperation each : operations()) {
          table.warmUp(
              KindsteadNodes.NAME,
              each.title(),
              length -> load.closed(each.workload(workloads, pairs), clients, length));
        }
        for (ClusterOperation each : operations()) {
          table.row(
              KindsteadNodes.NAME,
              nodes.processes(),
              each.title(),
              each.target(),
              length -> load.closed(each.workload(workloads, pairs), clients, length));
        }
      }
      if (nodes.serving() != serving) {
        System.err.println("another node has begun to serve meanwhile: measure again");
      }
      return idleSeconds() > 0 ? IdleNodes.watched(nodes, idleSeconds()) : "";
    }
  }

  private void etcd(Path directory, ClusterTable table) {
    if (!servers.contains("etcd")) {
      return;
    }
    Optional<Path> program = Installed.onPath("etcd");
    if (program.isEmpty()) {
      skipped(EtcdNodes.NAME, "no etcd on the PATH");
      return;
    }
    try (EtcdNodes nodes = EtcdNodes.started(program.get(), directory);
        Load load = nodes.load()) {
      ClosedLoop puts = length -> load.closed(EtcdNodes.put(data), clients, length);
      table.warmUp(EtcdNodes.NAME, "put of 1 KiB", puts);
      table.row(EtcdNodes.NAME, nodes.processes(), "put of 1 KiB", puts);
    }
  }

  private void postgresql(Path directory, ClusterTable table) throws SQLException {
    if (!servers.contains("postgresql")) {
      return;
    }
    Optional<Path> programs = Installed.postgresql();
    if (programs.isEmpty()) {
      skipped(PostgresNodes.NAME, "no initdb on the PATH, nor where Debian has it");
      return;
    }
    Optional<String> refusal = PostgresNodes.refusal(directory);
    if (refusal.isPresent()) {
      skipped(PostgresNodes.NAME, refusal.get());
      return;
    }
    try (PostgresNodes nodes = PostgresNodes.started(programs.get(), directory);
        PostgresLoad load = new PostgresLoad(nodes, data, clients)) {
      table.warmUp(PostgresNodes.NAME, "upsert of 1 KiB", load::upserts);
      table.row(PostgresNodes.NAME, nodes.processes(), "upsert of 1 KiB", load::upserts);
    }
  }

  private static void skipped(String name, String why) {
    System.out.println("SKIPPED: " + name + ": " + why);
  }
}
