package dev.kindstead.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Writers through all nodes of a cluster while nodes are killed with SIGKILL and started again, or
 * stand still for a while: what was acknowledged is there, what was refused is not, nothing is
 * there twice or by half, and no count is lost.
 *
 * <p>{@code -Dcluster.seconds} and {@code -Dcluster.seed} make it longer or repeat it.
 */
@ExtendWith(ClusterOf3.class)
class ClusterKillTest {
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("cluster.seconds", 20));
  private static final long SEED = Long.getLong("cluster.seed", System.nanoTime());
  private static final int RAW_WRITERS_EACH = 2;

  @Test
  void nothingAcknowledgedIsLostNothingRefusedIsThere(KindsteadCluster cluster) throws Exception {
    System.out.println("ClusterKillTest: -Dcluster.seed=" + SEED);
    Random random = new Random(SEED);
    Attempts attempts = new Attempts();
    String project = Projects.fresh();
    int disturbances;
    try (var writers =
        new ClusterWriters(cluster.endpoints(), project, RAW_WRITERS_EACH, 1, random, attempts)) {
      disturbances = cluster.disturb(LENGTH, random);
      writers.stop();
    }
    System.out.println("ClusterKillTest: " + disturbances + " disturbances, " + attempts);
    for (Endpoint each : cluster.endpoints()) {
      assertKeptBy(each, project, attempts);
    }
    // All of that was the word of one node's disk; here is another one's.
    List<Integer> others = cluster.others();
    cluster.kill(cluster.serving());
    assertKeptBy(cluster.endpoint(others.getFirst()), project, attempts);
    attempts.assertNoSurprise();
    assertThat(attempts.acknowledgedCount()).isGreaterThan(100);
  }

  private static void assertKeptBy(Endpoint node, String project, Attempts attempts)
      throws Exception {
    try (HttpCalls calls = new HttpCalls(node, project);
        RawHttp http = new RawHttp(node)) {
      attempts.settle(calls);
      attempts.assertKeptBy(calls);
      String check = "/v1/projects/%s/databases/(default):checkIndexes".formatted(project);
      var answer = http.post(check, RawHttp.JSON, "{}".getBytes(UTF_8));
      assertThat(new String(answer.body(), UTF_8)).containsPattern("\"different\": ?0\\b");
    }
  }
}
