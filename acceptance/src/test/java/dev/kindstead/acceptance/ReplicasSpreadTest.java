package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Five nodes, of which three vote in the system group: each shard has three replicas, spread over
 * all nodes, and every node serves all data, whichever of it it has.
 */
class ReplicasSpreadTest {
  private static final Duration WRITING = Duration.ofSeconds(1);
  private static final int NODES = 5;
  private static final int COPIES = 3;

  @Test
  void noNodeHasAllAndEveryNodeServesAll() throws Exception {
    String project = Projects.fresh();
    Attempts attempts = new Attempts();
    try (var cluster = KindsteadCluster.started("--replace-after", "3s")) {
      try (var writers =
          new ClusterWriters(cluster.endpoints(), project, 3, 0, new Random(), attempts)) {
        // Data of three nodes spreads over five while it is written.
        IntStream.range(KindsteadCluster.NODES, NODES).forEach(_ -> cluster.startSpare());
        cluster.awaitSpread(0, COPIES, IntStream.range(0, NODES).boxed().toList());
        Pause.of(WRITING);

        // A node that has no vote in the system group dies, and others take its replicas.
        cluster.kill(NODES - 1);
        cluster.awaitSpread(0, COPIES, List.of(0, 1, 2, 3));
        Pause.of(WRITING);

        // It comes back to replicas that were taken from it, and gets its share again.
        cluster.start(NODES - 1);
        cluster.awaitSpread(0, COPIES, IntStream.range(0, NODES).boxed().toList());
        IntStream.range(0, NODES).forEach(cluster::awaitCaughtUp);

        // The node that serves dies, and it may have been without some shards.
        int serving = cluster.serving();
        cluster.kill(serving);
        Pause.of(WRITING);
        cluster.start(serving);
        Pause.of(WRITING);

        writers.stop();
        System.out.println("ReplicasSpreadTest: " + attempts);
        for (int node = 0; node < NODES; node++) {
          try (HttpCalls calls = new HttpCalls(cluster.endpoint(node), project)) {
            attempts.settle(calls);
            attempts.assertKeptBy(calls);
            attempts.assertNoSurprise();
          }
        }
        assertThat(attempts.acknowledgedCount()).isGreaterThan(50);
      } catch (Exception | AssertionError failure) {
        System.out.println(cluster.logs());
        throw failure;
      }
    }
  }
}
