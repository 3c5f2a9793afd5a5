package dev.kindstead.server;

import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.replication.LocalLog;
import dev.kindstead.replication.LogEventFile;
import dev.kindstead.replication.RaftLog;
import dev.kindstead.replication.RaftLogOptions;
import dev.kindstead.replication.RecordedLog;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.RocksResources;
import dev.kindstead.storage.RocksStore;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.transaction.ShardWiring;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The replica groups of this node: one for each shard and the system group, each with its log, its
 * store and one thread. In memory neither RocksDB nor the Raft engine is loaded.
 *
 * <p>Thread rule: made and closed by one thread. The logs are started and closed by {@code
 * Transactions}; what is closed here is below them.
 */
final class Shards implements AutoCloseable {
  private static final String SYSTEM = NodeDescription.SYSTEM_GROUP;

  /** For tests: names a directory where what happens at the logs' seam is recorded. */
  private static final String RECORDS = "kindstead.log-records";

  private final List<ShardWiring> shards = new ArrayList<>();
  private final ShardWiring system;

  /** In the order of closing. */
  private final Deque<Runnable> closings = new ArrayDeque<>();

  /** How a group gets its store and its log. */
  private interface Maker {
    OrderedStore store(String group);

    ReplicatedLog log(String group, Executor thread);
  }

  private Shards(int count, Maker maker, Runnable closeLast) {
    closings.push(closeLast);
    boolean made = false;
    try {
      for (int shard = 0; shard < count; shard++) {
        shards.add(make(nameOf(shard), maker));
      }
      system = make(SYSTEM, maker);
      made = true;
    } finally {
      if (!made) {
        close();
      }
    }
  }

  /** Shards that are lost with the process. */
  static Shards inMemory(int count) {
    var maker =
        new Maker() {
          @Override
          public OrderedStore store(String group) {
            return new MemoryStore();
          }

          @Override
          public ReplicatedLog log(String group, Executor thread) {
            return new LocalLog(thread);
          }
        };
    return new Shards(count, maker, () -> {});
  }

  /** The shards of a data directory: as many as it was made with. */
  static Shards onDisk(DataDirectory directory, NodeIdentity identity, NodeOptions options) {
    var resources = new RocksResources(options.sizes());
    var maker =
        new Maker() {
          @Override
          public OrderedStore store(String group) {
            return RocksStore.open(directory.store(group), resources);
          }

          @Override
          public ReplicatedLog log(String group, Executor thread) {
            var founding =
                RaftLogOptions.of(
                        group,
                        identity.nodeId(),
                        identity.members(),
                        directory.log(group),
                        options.durability())
                    .withCopyBytesPerSecond(options.copyBytesPerSecond());
            return recorded(
                new RaftLog(identity.isFounder() ? founding : founding.joining()),
                group,
                identity.nodeId());
          }
        };
    return new Shards(identity.shards(), maker, resources::close);
  }

  private static ReplicatedLog recorded(ReplicatedLog log, String group, String nodeId) {
    String directory = System.getProperty(RECORDS);
    return directory == null
        ? log
        : new RecordedLog(log, LogEventFile.begin(Path.of(directory), group, nodeId));
  }

  private ShardWiring make(String group, Maker maker) {
    OrderedStore store = maker.store(group);
    closings.push(store::close);
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name(group).unstarted(task));
    closings.push(thread::close);
    return new ShardWiring(maker.log(group, thread), new VersionedStore(store), thread);
  }

  List<ShardWiring> shards() {
    return shards;
  }

  ShardWiring system() {
    return system;
  }

  /** Of all groups. */
  List<ReplicatedLog> logs() {
    return Stream.concat(shards.stream(), Stream.of(system)).map(ShardWiring::log).toList();
  }

  /**
   * How each replica stands, the system group's first.
   *
   * @param diskBytes what the files of a group take
   */
  List<ReplicaDescription> describe(ToLongFunction<String> diskBytes) {
    var replicas = new ArrayList<ReplicaDescription>();
    replicas.add(description(SYSTEM, system, diskBytes));
    for (int shard = 0; shard < shards.size(); shard++) {
      replicas.add(description(nameOf(shard), shards.get(shard), diskBytes));
    }
    return replicas;
  }

  private static ReplicaDescription description(
      String group, ShardWiring wiring, ToLongFunction<String> diskBytes) {
    return new ReplicaDescription(group, wiring.log().status(), diskBytes.applyAsLong(group));
  }

  /** Names of the groups of a data directory, the system group's first. */
  static List<String> names(int shards) {
    return Stream.concat(Stream.of(SYSTEM), IntStream.range(0, shards).mapToObj(Shards::nameOf))
        .toList();
  }

  /** Names of all groups. */
  List<String> groups() {
    return names(shards.size());
  }

  /** The name of a shard's group; of a negative number, the system group's. */
  static String nameOfGroup(int shard) {
    return shard < 0 ? SYSTEM : nameOf(shard);
  }

  private static String nameOf(int shard) {
    return "shard-%04d".formatted(shard);
  }

  /** Saves every group's state soon, so that logs can be cut and a restart replays little. */
  void requestCheckpoints() {
    shards.forEach(shard -> shard.log().requestCheckpoint(() -> {}));
    system.log().requestCheckpoint(() -> {});
  }

  /** What can't be closed keeps nothing else open; fails at the end. */
  @Override
  public void close() {
    closeAll(closings);
  }

  static void closeAll(Deque<Runnable> closings) {
    RuntimeException failure = null;
    while (!closings.isEmpty()) {
      try {
        closings.pop().run();
      } catch (RuntimeException staysOpen) {
        if (failure == null) {
          failure = staysOpen;
        } else {
          failure.addSuppressed(staysOpen);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
