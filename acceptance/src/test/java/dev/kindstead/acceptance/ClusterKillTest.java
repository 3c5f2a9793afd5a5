package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Writers through all nodes of a cluster while one node after the other is killed with SIGKILL and
 * started again: what was acknowledged is there, what was refused is not, nothing is there twice or
 * by half, and no count is lost.
 *
 * <p>{@code -Dcluster.seconds} and {@code -Dcluster.seed} make it longer or repeat it.
 */
@ExtendWith(ClusterOf3.class)
class ClusterKillTest {
  private static final Duration LENGTH =
      Duration.ofSeconds(Integer.getInteger("cluster.seconds", 20));
  private static final long SEED = Long.getLong("cluster.seed", System.nanoTime());
  private static final int RAW_WRITERS_EACH = 2;
  private static final int PAUSE_MILLIS_MAX = 1500;

  @Test
  void nothingAcknowledgedIsLostNothingRefusedIsThere(KindsteadCluster cluster) throws Exception {
    System.out.println("ClusterKillTest: -Dcluster.seed=" + SEED);
    Random random = new Random(SEED);
    Attempts attempts = new Attempts();
    String project = Projects.fresh();
    int kills = 0;
    try (var writers =
        new ClusterWriters(cluster.endpoints(), project, RAW_WRITERS_EACH, random, attempts)) {
      long endNanos = System.nanoTime() + LENGTH.toNanos();
      while (System.nanoTime() < endNanos) {
        Pause.of(Duration.ofMillis(random.nextInt(PAUSE_MILLIS_MAX)));
        int victim = random.nextInt(KindsteadCluster.NODES);
        cluster.kill(victim);
        kills++;
        Pause.of(Duration.ofMillis(random.nextInt(PAUSE_MILLIS_MAX)));
        cluster.start(victim);
      }
      writers.stop();
    }
    System.out.println("ClusterKillTest: " + kills + " kills, " + attempts);
    for (Endpoint each : cluster.endpoints()) {
      try (HttpCalls calls = new HttpCalls(each, project)) {
        attempts.settle(calls);
        attempts.assertKeptBy(calls);
      }
    }
    attempts.assertNoSurprise();
    assertThat(attempts.acknowledgedCount()).isGreaterThan(100);
  }
}
