package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The steps of docs/operations/rolling-restart.md under load: three nodes behind a balancer are
 * restarted one after the other, and no request fails, not even of clients that try nothing again.
 */
class RollingRestartTest {
  /** Until the balancer has seen that a node is back. */
  private static final Duration SETTLE = Duration.ofSeconds(3);

  /** What is done before a node stops, and when it is back. */
  private interface Taking {
    void out(int node) throws Exception;

    default void in(int node) throws Exception {}
  }

  @Test
  void noRequestFails(@TempDir Path directory) throws Exception {
    ClientProgram.skipUnless(
        Haproxy.program().isPresent(), "RollingRestartTest", "haproxy is not installed");
    try (var cluster = KindsteadCluster.started();
        var balancer = Haproxy.before(cluster.endpoints(), directory)) {
      restartAll(cluster, balancer, directory, _ -> {}); // it sees by itself what happens
      List<String> failed = balancer.log().lines().filter(Haproxy::tellsFailure).toList();
      assertThat(failed).isEmpty();
    }
  }

  /** Which does not see that a node is about to stop: deploy/README.md. */
  @Test
  void noRequestFailsBehindNginx(@TempDir Path directory) throws Exception {
    ClientProgram.skipUnless(
        Nginx.program().isPresent(), "RollingRestartTest", "nginx is not installed");
    try (var cluster = KindsteadCluster.started();
        var balancer = Nginx.before(cluster.endpoints(), directory)) {
      restartAll(
          cluster,
          balancer,
          directory,
          new Taking() {
            @Override
            public void out(int node) throws Exception {
              balancer.setDown(node, true);
              Thread.sleep(SETTLE);
            }

            @Override
            public void in(int node) throws Exception {
              balancer.setDown(node, false);
            }
          });
    }
  }

  private static void restartAll(
      KindsteadCluster cluster, Balancer balancer, Path directory, Taking taking) throws Exception {
    Path program = OtherClientsTest.NODE.installed();
    Thread.sleep(SETTLE);
    try (var load = new Load(balancer.overHttp(), balancer.overGrpc());
        var nodeLoad = new NodeLoad(program, balancer.overGrpc(), directory)) {
      Thread.sleep(SETTLE);
      for (int node = 0; node < KindsteadCluster.NODES; node++) {
        taking.out(node);
        assertThat(cluster.stop(node)).isZero();
        cluster.start(node);
        taking.in(node);
        Thread.sleep(SETTLE);
      }
      Load.Result result = load.end();
      String node = nodeLoad.end();
      System.out.println("RollingRestartTest: " + result + "\nNode.js: " + node.strip());
      assertThat(result.failures()).isEmpty();
      assertThat(result.done()).isGreaterThan(1_000);
      assertThat(node).contains("failed 0\n").contains("done ");
    }
  }
}
