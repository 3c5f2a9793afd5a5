package dev.kindstead.acceptance;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Lends one memory-mode server to every test class that asks for an {@link Endpoint}; it ends with
 * the last of them. With {@code -Dkindstead.servers=cluster} it is a node of a cluster, one that
 * does not serve and forwards every call. Tests keep apart by projects of their own ({@link
 * Projects}).
 */
final class SharedServer implements ParameterResolver {
  private static final Namespace HERE = Namespace.create(SharedServer.class);

  /** A cluster, and a node of it that has to forward every call. */
  private record ThroughFollower(KindsteadCluster cluster, Endpoint endpoint)
      implements AutoCloseable {
    static ThroughFollower started() {
      KindsteadCluster cluster = KindsteadCluster.started();
      return new ThroughFollower(cluster, cluster.endpoint(cluster.others().getFirst()));
    }

    @Override
    public void close() {
      cluster.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Endpoint.class;
  }

  @Override
  public Endpoint resolveParameter(ParameterContext parameter, ExtensionContext context) {
    String given = System.getProperty("kindstead.endpoint", "");
    if (!given.isEmpty()) {
      int port = Integer.parseInt(given.substring(given.lastIndexOf(':') + 1));
      return () -> port;
    }
    var shared = context.getRoot().getStore(HERE);
    if (System.getProperty("kindstead.servers", "").equals("cluster")) {
      return shared
          .computeIfAbsent("cluster", _ -> ThroughFollower.started(), ThroughFollower.class)
          .endpoint();
    }
    return shared.computeIfAbsent("server", _ -> KindsteadProcess.dev(), KindsteadProcess.class);
  }
}
