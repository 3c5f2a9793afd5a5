package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.Key;
import com.google.datastore.v1.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When the nodes of a cluster start: what is there, who has to be, and who is not taken. */
@ExtendWith(ClusterOf3.class)
class ClusterStartsTest {
  private static final Duration WRITING = Duration.ofSeconds(2);
  private static final int REFUSED = 7;
  private static final Key KEPT = Raw.key("Kept", "one");

  @Test
  void afterTheLossOfAllNodesTwoServeEverything(KindsteadCluster cluster) throws Exception {
    Attempts attempts = new Attempts();
    String project = Projects.fresh();
    try (var writers =
        new ClusterWriters(cluster.endpoints(), project, 3, 0, new Random(), attempts)) {
      Pause.of(WRITING);
      attempts.awaitMoreThan(50);
      IntStream.range(0, KindsteadCluster.NODES).parallel().forEach(cluster::kill);
      writers.stop();
    }
    System.out.println("ClusterStartsTest: " + attempts);

    cluster.launch(0);
    cluster.awaitLogged(0, "waiting for a majority");
    try (HttpCalls calls = new HttpCalls(cluster.endpoint(0), project)) {
      assertThat(calls.isAnswered()).as("one of three answers").isFalse();
    }
    cluster.start(1);
    cluster.awaitReady(0);
    assertKeptBy(cluster.endpoint(0), project, attempts);
    assertKeptBy(cluster.endpoint(1), project, attempts);
    cluster.start(2);
    assertKeptBy(cluster.endpoint(2), project, attempts);
  }

  private static void assertKeptBy(Endpoint node, String project, Attempts attempts)
      throws Exception {
    try (HttpCalls calls = new HttpCalls(node, project)) {
      attempts.settle(calls);
      attempts.assertKeptBy(calls);
      attempts.assertNoSurprise();
    }
  }

  @Test
  void aMemberWithAnOlderDiskIsRefusedAndOneWithAnEmptyDiskFollowsAsANewNode(
      KindsteadCluster cluster) throws Exception {
    assertThat(cluster.stop(2)).isZero();
    Path older = cluster.data(2).resolveSibling("older");
    copy(cluster.data(2), older);
    cluster.start(2);
    assertThat(cluster.stop(2)).isZero();

    Path latest = cluster.data(2).resolveSibling("latest");
    Files.move(cluster.data(2), latest);
    Files.move(older, cluster.data(2));
    assertThat(cluster.launch(2).exitCode()).isEqualTo(REFUSED);
    assertThat(cluster.log(2)).contains("the disk is an older copy");

    KindsteadCluster.delete(cluster.data(2));
    cluster.start(2);
    cluster.awaitLogged(2, "to take this one into");
    assertThat(cluster.stop(2)).isZero();

    KindsteadCluster.delete(cluster.data(2));
    Files.move(latest, cluster.data(2));
    cluster.start(2);
  }

  @Test
  void whatOneNodeHasIsRecoveredWhenTheOthersAreGone(KindsteadCluster cluster) throws Exception {
    String project = Projects.fresh();
    int left = cluster.others().getFirst();
    try (HttpCalls calls = new HttpCalls(cluster.endpoint(left), project)) {
      calls.commit(Raw.upsert(Raw.entity(KEPT, "number", Raw.value(7))));
      assertThat(cluster.stop(left)).isZero();
      IntStream.range(0, KindsteadCluster.NODES)
          .filter(each -> each != left)
          .forEach(lost -> {
            cluster.kill(lost);
            KindsteadCluster.delete(cluster.data(lost));
          });

      String data = cluster.data(left).toString();
      var looked = CommandLine.run("recover", "--data-dir", data);
      assertThat(looked.output()).contains("shard-0003").contains("Nothing was changed");
      var recovered = CommandLine.run("recover", "--unsafe", "--data-dir", data);
      assertThat(recovered.exitCode()).as(recovered.output()).isZero();
      assertThat(recovered.output()).contains("of this node alone").contains("May be lost");

      cluster.start(left);
      assertThat(calls.lookup(ReadOptions.getDefaultInstance(), KEPT).getFoundCount()).isOne();
      IntStream.range(0, KindsteadCluster.NODES)
          .forEach(lost -> {
            if (lost != left) {
              cluster.launchAt(lost, left);
            }
          });
      IntStream.range(0, KindsteadCluster.NODES).forEach(cluster::awaitReady);
      cluster.awaitVoters(left, 0, 1, 2);
      cluster.kill(left);
    }
    int other = (left + 1) % KindsteadCluster.NODES;
    cluster.awaitReady(other);
    try (HttpCalls calls = new HttpCalls(cluster.endpoint(other), project)) {
      assertThat(calls.lookup(ReadOptions.getDefaultInstance(), KEPT).getFoundCount()).isOne();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path each : files.toList()) {
        Files.copy(each, to.resolve(from.relativize(each)));
      }
    }
  }
}
