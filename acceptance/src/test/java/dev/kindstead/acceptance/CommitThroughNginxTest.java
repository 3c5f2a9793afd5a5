package dev.kindstead.acceptance;

import java.nio.file.Path;
import java.util.List;

/** A commit whose node is lost, in nginx's hands. */
final class CommitThroughNginxTest extends CommitThroughBalancer {
  @Override
  Balancer before(List<? extends Endpoint> nodes, Path directory) throws Exception {
    ClientProgram.skipUnless(
        Nginx.program().isPresent(), "CommitThroughNginxTest", "nginx is not installed");
    return Nginx.before(nodes, directory);
  }
}
