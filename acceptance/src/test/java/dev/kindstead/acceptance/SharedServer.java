package dev.kindstead.acceptance;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Lends one memory-mode server to every test class that asks for an {@link Endpoint}; it ends with
 * the last of them. With {@code -Dkindstead.servers=cluster} it is a node of a cluster, one that
 * leads nothing and forwards every call; with {@code killed} the others die meanwhile ({@link
 * KilledCluster}). Tests keep apart by projects of their own ({@link Projects}).
 */
final class SharedServer implements ParameterResolver {
  private static final Namespace HERE = Namespace.create(SharedServer.class);

  /** A cluster, and a node of it that leads nothing and has to forward every call. */
  private record ThroughFollower(KindsteadCluster cluster, Endpoint endpoint)
      implements AutoCloseable {
    static ThroughFollower started() {
      KindsteadCluster cluster = KindsteadCluster.started("--leaders", "together");
      int number = cluster.others().getFirst();
      cluster.awaitLeadsNothing(number);
      return new ThroughFollower(cluster, cluster.endpoint(number));
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
    return switch (System.getProperty("kindstead.servers", "")) {
      case "cluster" ->
          shared
              .computeIfAbsent("cluster", _ -> ThroughFollower.started(), ThroughFollower.class)
              .endpoint();
      case "killed" ->
          shared
              .computeIfAbsent("killed", _ -> new KilledCluster(), KilledCluster.class)
              .endpoint();
      default ->
          shared.computeIfAbsent("server", _ -> KindsteadProcess.dev(), KindsteadProcess.class);
    };
  }
}
