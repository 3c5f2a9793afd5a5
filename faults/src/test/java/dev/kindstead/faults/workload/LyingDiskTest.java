package dev.kindstead.faults.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.faults.fault.Fault;
import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.faults.fault.Target;
import dev.kindstead.faults.machine.Cluster;
import dev.kindstead.faults.machine.Machine;
import dev.kindstead.faults.machine.Node;
import dev.kindstead.faults.machine.Pause;
import dev.kindstead.faults.machine.Shim.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All disks say that they have synced and have not; then the power goes. What was acknowledged is
 * lost, whatever a database does: so the power cut is a real one, and the judges miss what it took.
 */
final class LyingDiskTest {
  private static final Duration LENGTH = Duration.ofSeconds(4);

  /** By which a node says that it does not start on what is left, which shows it as well. */
  private static final List<Integer> REFUSALS =
      List.of(ExitCode.DATA_NOT_ACCESSIBLE, ExitCode.DATA_NOT_OURS, ExitCode.CLUSTER_REFUSED);

  @TempDir private Path directory;

  @Test
  void whatWasNeverSyncedIsMissed() {
    Path root = Path.of(System.getProperty("kindstead.root", "..")).toAbsolutePath().normalize();
    Machine machine = new Machine(directory.resolve("machine"));
    for (FaultKind kind : new FaultKind[] {FaultKind.POWER_CUT_ALL, FaultKind.SLOW_SYNC}) {
      assumeTrue(kind.missing(machine).isEmpty(), () -> "missing: " + kind.missing(machine));
    }
    try (Cluster cluster = new Cluster(machine, directory.resolve("cluster"), root);
        Workload workload =
            new Workload(cluster.nodes().stream().map(Node::uri).toList(), "lied-to", 7)) {
      cluster.start();
      workload.start("PESSIMISTIC");
      Pause.of(LENGTH);
      cluster.nodes().forEach(node -> node.shim().begin(Trouble.LYING_SYNC));
      Pause.of(LENGTH);
      Fault cut = FaultKind.POWER_CUT_ALL.fault(new Target(cluster, workload, 0, new Random(7)));
      cut.begin();
      cluster.nodes().forEach(node -> node.shim().end(Trouble.LYING_SYNC));
      cut.end();

      assertThat(cut.effect()).isNotEmpty();
      assertThat(cluster.nodes())
          .allMatch(node -> node.shim().count(Trouble.LYING_SYNC) > 0, "was lied to");
      if (!refuses(cluster)) {
        cluster.awaitReady();
        workload.stop();
        var anomalies = workload.judge(workload.read()).anomalies();
        System.out.println("LyingDiskTest: " + anomalies.size() + " anomalies");
        assertThat(anomalies).anyMatch(anomaly -> anomaly.startsWith("lost"));
        var ofLogs = cluster.logRecords().judge().anomalies();
        System.out.println("LyingDiskTest: " + ofLogs);
        assertThat(ofLogs).isNotEmpty();
      } else {
        System.out.println("LyingDiskTest: a node refuses what is left");
      }
    }
  }

  /** Waits until all are ready, or one of them says that it will not be. */
  private static boolean refuses(Cluster cluster) {
    Pause.until(
        Cluster.READY_MAX, () -> cluster.isReadyWithin(Duration.ZERO) || hasRefusal(cluster));
    return hasRefusal(cluster);
  }

  private static boolean hasRefusal(Cluster cluster) {
    return cluster.nodes().stream()
        .anyMatch(node ->
            node.isRunning()
                ? cluster.tellsOfStoppedReplica(node)
                : REFUSALS.contains(node.awaitEnd()));
  }
}
