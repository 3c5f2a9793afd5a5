package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.acceptance.ClientProgram.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Nodes come, die for good, are drained and removed, while clients write: nothing that was
 * acknowledged is lost, and votes are never fewer than three.
 */
class ClusterMembersTest {
  private static final Duration WRITING = Duration.ofSeconds(1);
  private static final int READY = 200;
  private static final int NOT_READY = 503;

  @Test
  void nodesAreReplacedRemovedAndDrained() throws Exception {
    String project = Projects.fresh();
    Attempts attempts = new Attempts();
    try (var cluster = KindsteadCluster.started("--replace-after", "2s")) {
      try (var writers =
          new ClusterWriters(cluster.endpoints(), project, 3, 0, new Random(), attempts)) {
        change(cluster, attempts);
        Pause.of(WRITING);
        attempts.awaitMoreThan(50);
        writers.stop();
        System.out.println("ClusterMembersTest: " + attempts);
        for (Endpoint node : List.of(cluster.endpoint(cluster.serving()), cluster.endpoint(3))) {
          try (HttpCalls calls = new HttpCalls(node, project)) {
            attempts.settle(calls);
            attempts.assertKeptBy(calls);
            attempts.assertNoSurprise();
          }
        }
      } catch (Exception | AssertionError failure) {
        System.out.println(cluster.logs());
        throw failure;
      }
    }
  }

  private static void change(KindsteadCluster cluster, Attempts attempts) throws Exception {
    int serving = cluster.serving();
    int dead = cluster.others().getFirst();
    Result refused = command(cluster, serving, "node", "remove", cluster.id(dead));
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.output()).contains("no other node is there to take the place");

    int spare = cluster.startSpare();
    assertThat(ready(cluster, spare)).isEqualTo(READY);
    Result odd = command(cluster, spare, "node", "add", cluster.id(spare));
    assertThat(odd.output()).contains("two are added at a time");

    cluster.kill(dead);
    int other = KindsteadCluster.NODES - serving - dead;
    cluster.awaitVoters(serving, serving, other, spare);
    long before = attempts.acknowledgedCount();

    // Who comes back finds its place taken, and waits for the next one.
    cluster.start(dead);
    assertThat(command(cluster, dead, "node", "list").output()).containsAnyOf("spare", "replicas");
    Result removed = command(cluster, other, "node", "remove", cluster.id(serving), "--json");
    assertThat(removed.output()).contains("\"done\": true");
    cluster.awaitVoters(other, other, spare, dead);
    assertThat(cluster.serving()).isNotEqualTo(serving);
    assertThat(command(cluster, other, "cluster", "status").output()).contains("removed");

    int drained = cluster.serving();
    assertThat(command(cluster, serving, "node", "drain", cluster.id(drained)).exitCode()).isZero();
    assertThat(ready(cluster, drained)).isEqualTo(NOT_READY);
    int last = cluster.serving();
    assertThat(last).isNotEqualTo(drained);
    Pause.of(WRITING);
    int second = other + spare + dead - drained - last;
    assertThat(command(cluster, last, "node", "drain", cluster.id(second)).exitCode()).isZero();
    Result alone = command(cluster, last, "node", "drain", cluster.id(last));
    assertThat(alone.exitCode()).isNotZero();
    assertThat(alone.output()).contains("no other node could serve in its place");
    assertThat(ready(cluster, last)).isEqualTo(READY);
    assertThat(attempts.acknowledgedCount()).isGreaterThan(before);
  }

  private static int ready(KindsteadCluster cluster, int number) {
    try (RawHttp http = new RawHttp(cluster.endpoint(number))) {
      return http.get("/readyz").statusCode();
    }
  }

  private static Result command(KindsteadCluster cluster, int asked, String... words)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--endpoint", "localhost:" + cluster.endpoint(asked).port()));
    return CommandLine.run(all.toArray(String[]::new));
  }
}
