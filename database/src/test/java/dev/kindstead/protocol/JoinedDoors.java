package dev.kindstead.protocol;

import dev.kindstead.administration.Administration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The nodes a, b and c before the same entities; one of them serves, or none. */
final class JoinedDoors implements AutoCloseable {
  static final Duration UNSERVED_MAX = Duration.ofMillis(1_500);
  static final Duration PATIENCE = Duration.ofMillis(200);

  final MemoryNetwork network = new MemoryNetwork();
  final FakeOperations operations = new FakeOperations();

  /** Who serves as a node believes, when that differs from what is so. */
  final Map<String, String> beliefs = new ConcurrentHashMap<>();

  private final Map<String, OpenDoor> doors = new LinkedHashMap<>();
  private volatile @Nullable String serving = "a";

  /** Whether the nodes have replicas, and so serve what needs no home. */
  volatile boolean haveReplicas;

  /** The node that is chosen for reads that may be old; null for none. */
  volatile @Nullable String replica;

  /** Whether that one still answers. */
  volatile boolean replicaIsThere = true;

  /** How many reads at it have begun and not ended. */
  final AtomicInteger replicaReads = new AtomicInteger();

  /** How often somebody wanted to know whether it still answers. */
  final AtomicInteger replicaWatched = new AtomicInteger();

  private final ReplicaNodes replicaNodes =
      new ReplicaNodes() {
        @Override
        public Optional<String> choose() {
          Optional<String> chosen = Optional.ofNullable(replica);
          chosen.ifPresent(_ -> replicaReads.incrementAndGet());
          return chosen;
        }

        @Override
        public boolean isThere(String nodeId) {
          replicaWatched.incrementAndGet();
          return replicaIsThere;
        }

        @Override
        public void ended(String nodeId, long nanos) {
          replicaReads.decrementAndGet();
        }
      };

  JoinedDoors() {
    this(() -> null);
  }

  JoinedDoors(Supplier<@Nullable Administration> administration) {
    for (String node : new String[] {"a", "b", "c"}) {
      doors.put(
          node,
          new OpenDoor(
              Limits.DEFAULT,
              TransportLimits.defaults(),
              operations,
              administration.get(),
              new Forwarding(
                  servingNode(node), replicaNodes, network.of(node), UNSERVED_MAX, PATIENCE)));
    }
  }

  private ServingNode servingNode(String self) {
    return new ServingNode() {
      @Override
      public boolean isHere() {
        return self.equals(node());
      }

      @Override
      public boolean hasReplicas() {
        return haveReplicas;
      }

      @Override
      public Optional<String> elsewhere() {
        return Optional.ofNullable(node()).filter(node -> !node.equals(self));
      }

      private @Nullable String node() {
        return beliefs.getOrDefault(self, serving);
      }
    };
  }

  OpenDoor at(String node) {
    OpenDoor door = doors.get(node);
    if (door == null) {
      throw new IllegalArgumentException(node);
    }
    return door;
  }

  void serve(@Nullable String node) {
    serving = node;
  }

  @Override
  public void close() {
    doors.values().forEach(OpenDoor::close);
    network.close();
  }
}
