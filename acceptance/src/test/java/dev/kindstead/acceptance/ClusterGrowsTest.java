package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Query;
import com.google.common.collect.Iterators;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * One node that is written to becomes three while the writing goes on, and its own death then loses
 * nothing.
 */
class ClusterGrowsTest {
  private static final Duration WRITING = Duration.ofSeconds(1);
  private static final int ACKNOWLEDGED = 50;

  @Test
  void fromOneNodeToThreeUnderLoad() throws Exception {
    String project = Projects.fresh();
    Attempts attempts = new Attempts();
    try (var cluster = new KindsteadCluster()) {
      cluster.launchAlone(0);
      cluster.awaitReady(0);
      try (var writers =
          new ClusterWriters(List.of(cluster.endpoint(0)), project, 4, 2, new Random(), attempts)) {
        attempts.awaitMoreThan(ACKNOWLEDGED);
        grow(cluster);
        attempts.awaitMoreThan(attempts.acknowledgedCount() + ACKNOWLEDGED);
        Pause.of(WRITING);
        writers.stop();
      }
      System.out.println("ClusterGrowsTest: " + attempts);
      loseTheFirst(cluster, project, attempts);
    }
  }

  private static void grow(KindsteadCluster cluster) {
    cluster.launchAt(1, 0);
    cluster.launchAt(2, 0);
    cluster.awaitReady(1);
    cluster.awaitReady(2);
    cluster.awaitThreeVoters(0);
  }

  private static void loseTheFirst(KindsteadCluster cluster, String project, Attempts attempts)
      throws Exception {
    cluster.kill(0);
    for (int number : List.of(1, 2)) {
      Endpoint node = cluster.endpoint(number);
      assertThat(countedThrough(node, project)).isGreaterThanOrEqualTo(ACKNOWLEDGED);
      try (HttpCalls calls = new HttpCalls(node, project)) {
        attempts.settle(calls);
        attempts.assertKeptBy(calls);
        attempts.assertNoSurprise();
      }
    }
    // It is started as ever, or like the others; and goes as one of several does.
    cluster.launchAlone(0);
    cluster.awaitCaughtUp(0);
    assertThat(cluster.stop(0)).isZero();
    assertThat(cluster.log(0)).contains("serves what still comes for 3000 ms");
    cluster.start(0);
    cluster.awaitCaughtUp(0);
    try (HttpCalls calls = new HttpCalls(cluster.endpoint(0), project)) {
      attempts.assertKeptBy(calls);
    }
  }

  /** By a strong query over all shards, right after the death of the node that led them all. */
  private static int countedThrough(Endpoint node, String project) {
    Datastore datastore = JavaClient.of(node, project);
    Query<Entity> all = Query.newEntityQueryBuilder().setKind(Attempts.KIND).build();
    return Iterators.size(datastore.run(all));
  }
}
