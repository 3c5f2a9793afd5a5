package dev.kindstead.faults.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.Key;
import com.google.datastore.v1.Mutation;
import dev.kindstead.faults.machine.Cluster;
import dev.kindstead.faults.machine.Machine;
import dev.kindstead.faults.machine.Node;
import dev.kindstead.faults.machine.Pause;
import dev.kindstead.simulation.check.RegisterTransaction.Held;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real nodes, real clients, no fault; then somebody takes away what was acknowledged. */
final class PlantedLossTest {
  private static final String PROJECT = "planted";
  private static final Duration LENGTH = Duration.ofSeconds(5);

  @TempDir private Path directory;

  @Test
  void whatIsTakenAwayIsMissed() throws Failed {
    Path root = Path.of(System.getProperty("kindstead.root", "..")).toAbsolutePath().normalize();
    Machine machine = new Machine(directory.resolve("machine"));
    try (Cluster cluster = new Cluster(machine, directory.resolve("cluster"), root)) {
      cluster.start();
      try (Workload workload =
              new Workload(cluster.nodes().stream().map(Node::uri).toList(), PROJECT, 7);
          HttpClient http = HttpClient.newHttpClient()) {
        workload.start("PESSIMISTIC");
        Pause.of(LENGTH);
        assertThat(workload.awaitProgress()).isEmpty();
        workload.stop();
        Contents contents = workload.read();
        assertThat(workload.judge(contents).anomalies()).isEmpty();
        assertThat(workload.disagreements(contents)).isEmpty();

        Calls thief = new Calls(http, cluster.node(1).uri(), PROJECT);
        long element = contents.elements().getFirst();
        String[] list = contents.lists().keySet().iterator().next().split("/", -1);
        String register = written(contents.registers().alone());
        String together = written(contents.registers().together());
        thief.commit(
            thief.commitOf(
                List.of(
                    deletion(Rows.key(SetClient.KIND, "e" + element)),
                    deletion(Rows.key(list[0], list[1])),
                    deletion(Rows.key(RegisterClient.KIND, register)),
                    deletion(Rows.key(RegistersTogether.KIND, together)))));

        assertThat(workload.judge(workload.read()).anomalies())
            .anyMatch(anomaly -> anomaly.startsWith("lost: " + element))
            .anyMatch(anomaly -> anomaly.startsWith("lost write: "))
            .anyMatch(anomaly -> anomaly.startsWith("not linearizable: " + register))
            .anyMatch(anomaly -> anomaly.contains("RegisterTransaction["));
        assertThat(Workload.changes(cluster.node(2).uri(), PROJECT, contents)).hasSize(3);
      }
    }
  }

  /** Of the first epoch: no client has asked for it for a while. */
  private static String written(Map<String, Held> registers) {
    return registers.entrySet().stream()
        .filter(each -> each.getValue().value() != null)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private static Mutation deletion(Key key) {
    return Mutation.newBuilder().setDelete(key).build();
  }
}
