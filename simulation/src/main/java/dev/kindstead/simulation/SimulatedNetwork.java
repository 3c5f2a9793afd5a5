package dev.kindstead.simulation;

import dev.kindstead.environment.Network;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Network} as one process sees it: connections over {@link Links}, one to each node that
 * it calls. A message that is lost takes its connection with it, for what follows must not overtake
 * it.
 *
 * <p>Confined to the scheduler's thread.
 */
final class SimulatedNetwork implements Network {
  /** In which a node finds out that it can't connect. */
  private static final Duration CONNECTING = Duration.ofMillis(30);

  /** The probe of a shard that was asked again, word by word, after an answer was lost. */
  static final String REPEATED = "request repeated";

  /** Questions without an answer that are remembered, for the probe alone. */
  private static final int UNANSWERED_MAX = 32;

  private final Set<Integer> unanswered = new LinkedHashSet<>();
  private final Boot boot;
  private final Links links;
  private final Map<String, SimulatedNetwork> everybody;
  private final Map<Service, Handler> handlers = new EnumMap<>(Service.class);
  private final Map<String, Connection> connections = new HashMap<>();

  /**
   * @param everybody by node id, those of the processes that run; shared by them
   */
  SimulatedNetwork(Boot boot, Links links, Map<String, SimulatedNetwork> everybody) {
    this.boot = boot;
    this.links = links;
    this.everybody = everybody;
    everybody.put(nodeId(), this);
    boot.atDeath(() -> everybody.remove(nodeId(), this));
  }

  String nodeId() {
    return boot.machine().nodeId();
  }

  Boot boot() {
    return boot;
  }

  Links links() {
    return links;
  }

  @Nullable Handler handler(Service service) {
    return handlers.get(service);
  }

  @Override
  public void serve(Service service, Handler handler) {
    handlers.put(service, handler);
  }

  @Override
  public CompletableFuture<byte[]> call(
      String nodeId, Service service, byte[] request, Duration timeout) {
    var answer = new CompletableFuture<byte[]>();
    Connection connection = connected(nodeId);
    if (connection == null) {
      Duration until = timeout.compareTo(CONNECTING) < 0 ? timeout : CONNECTING;
      boot.schedule(
          until,
          () -> answer.completeExceptionally(new NotDelivered("no connection to " + nodeId)));
    } else {
      connection.send(service, request, answer, timeout);
    }
    if (service == Service.SHARDS) {
      lookForRepetition(request, answer);
    }
    return answer;
  }

  private void lookForRepetition(byte[] request, CompletableFuture<byte[]> answer) {
    int hash = Arrays.hashCode(request);
    if (unanswered.remove(hash)) {
      links.hit(REPEATED);
    }
    var unused =
        answer.whenComplete((bytes, failure) -> {
          if (failure instanceof AnswerLost && unanswered.size() < UNANSWERED_MAX) {
            unanswered.add(hash);
          }
        });
  }

  private @Nullable Connection connected(String nodeId) {
    Connection before = connections.get(nodeId);
    if (before != null && !before.isBroken()) {
      return before;
    }
    SimulatedNetwork target = everybody.get(nodeId);
    if (target == null || links.stops(nodeId(), nodeId) || links.stops(nodeId, nodeId())) {
      return null;
    }
    var connection = new Connection(this, target, before);
    connections.put(nodeId, connection);
    return connection;
  }

  /**
   * Breaks the connection of this process to another node, without a reason.
   *
   * @return whether there was one
   */
  boolean disconnect(String nodeId) {
    Connection connection = connections.get(nodeId);
    if (connection == null || connection.isBroken()) {
      return false;
    }
    connection.breakDown();
    return true;
  }

  void hearDisconnected(String fromNodeId) {
    for (Handler handler : handlers.values()) {
      var unused = handler.disconnected(fromNodeId); // nothing that is simulated takes time for it
    }
  }
}
