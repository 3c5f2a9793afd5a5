package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The steps of docs/operations/rolling-restart.md under load: three nodes behind HAProxy are
 * restarted one after the other, and no request fails, not even of clients that try nothing again.
 */
class RollingRestartTest {
  /** Until the balancer has seen that a node is back. */
  private static final Duration SETTLE = Duration.ofSeconds(3);

  @Test
  void noRequestFails(@TempDir Path directory) throws Exception {
    ClientProgram.skipUnless(
        Haproxy.program().isPresent(), "RollingRestartTest", "haproxy is not installed");
    Path program = OtherClientsTest.NODE.installed();
    try (var cluster = KindsteadCluster.started();
        var balancer = Haproxy.before(cluster.endpoints(), directory)) {
      Thread.sleep(SETTLE);
      try (var load = new Load(balancer, balancer);
          var nodeLoad = new NodeLoad(program, balancer, directory)) {
        Thread.sleep(SETTLE);
        for (int node = 0; node < KindsteadCluster.NODES; node++) {
          assertThat(cluster.stop(node)).isZero();
          cluster.start(node);
          Thread.sleep(SETTLE);
        }
        Load.Result result = load.end();
        String node = nodeLoad.end();
        System.out.println("RollingRestartTest: " + result + "\nNode.js: " + node.strip());
        assertThat(result.failures()).isEmpty();
        assertThat(result.done()).isGreaterThan(1_000);
        assertThat(node).contains("failed 0\n").contains("done ");
      }
      List<String> failed = balancer.log().lines().filter(Haproxy::tellsFailure).toList();
      assertThat(failed).isEmpty();
    }
  }
}
