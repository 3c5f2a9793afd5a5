package dev.kindstead.acceptance;

import java.nio.file.Path;
import java.util.List;

/** A commit whose node is lost, in HAProxy's hands. */
final class CommitThroughHaproxyTest extends CommitThroughBalancer {
  @Override
  Balancer before(List<? extends Endpoint> nodes, Path directory) throws Exception {
    ClientProgram.skipUnless(
        Haproxy.program().isPresent(), "CommitThroughHaproxyTest", "haproxy is not installed");
    return Haproxy.before(nodes, directory);
  }
}
