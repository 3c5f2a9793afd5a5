package dev.kindstead.server;

import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Entry;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.RaftLog;
import dev.kindstead.replication.RaftLogOptions;
import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.Replica;
import dev.kindstead.replication.ReplicaListener;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.storage.RocksResources;
import dev.kindstead.storage.RocksStore;
import dev.kindstead.storage.StorageSizes;
import dev.kindstead.storage.VersionedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The data directories of a cluster's nodes, whose replica groups can be run one after the other,
 * by the real engine in this process. For one test thread.
 */
final class StoppedNodes {
  private static final RandomGenerator RANDOM = RandomGenerator.of("L64X128MixRandom");

  private final List<Path> paths;
  final List<NodeIdentity> identities = new ArrayList<>();

  /** The first ones of the nodes have a vote in the system group, by what they know. */
  StoppedNodes(Path scratch, int nodes, int voters, int shards) {
    paths = IntStream.range(0, nodes).mapToObj(n -> scratch.resolve("node-" + n)).toList();
    var ids = new ArrayList<String>();
    for (Path path : paths) {
      try (var directory = DataDirectory.open(path, RANDOM)) {
        ids.add(directory.node().nodeId());
      }
    }
    NodeIdentity founder = NodeIdentity.alone(ids.getFirst(), shards, RANDOM);
    for (String id : ids) {
      identities.add(
          new NodeIdentity(
              founder.clusterId(),
              id,
              identities.size() + 1,
              shards,
              founder.transactionKey(),
              ids.subList(0, voters)));
    }
    for (int node = 0; node < nodes; node++) {
      know(node, identities.get(node));
    }
  }

  Path path(int node) {
    return paths.get(node);
  }

  String id(int node) {
    return identities.get(node).nodeId();
  }

  /** Replaces what a node knows of its cluster. */
  void know(int node, NodeIdentity identity) {
    identities.set(node, identity);
    try (var directory = DataDirectory.open(path(node), RANDOM)) {
      directory.node().join(identity);
    }
  }

  /** A replica that runs. */
  static final class Running implements ReplicaListener, AutoCloseable {
    private final RocksResources resources = new RocksResources(StorageSizes.SMALL);
    private final RocksStore store;
    final Replica replica;
    final RaftLog log;
    volatile long term;

    Running(Path path, RaftLogOptions options) {
      store = RocksStore.open(path.resolve(options.group()).resolve("store"), resources);
      replica = new Replica(new VersionedStore(store), this);
      log = new RaftLog(options);
    }

    @Override
    public void leaderStarted(long began, List<Command.Prepare> prepared) {
      term = began;
    }

    @Override
    public void leaderStopped(long ended) {
      term = 0;
    }

    @Override
    public void termBegan(long began) {}

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }

    boolean agrees(List<Command> commands) {
      long leads = term;
      if (leads == 0) {
        return false;
      }
      var ended = new CompletableFuture<Outcome>();
      var entry = new Entry(leads, replica.nextSequence(leads), commands);
      log.propose(EntryEncoding.encode(entry), ended::complete);
      return ended.orTimeout(1, TimeUnit.MINUTES).join() == Outcome.APPLIED;
    }

    @Override
    public void close() {
      log.close();
      store.close();
      resources.close();
    }
  }

  /** Runs some nodes' replicas of a group that others have founded, until all of them are equal. */
  void run(String group, List<Integer> founders, List<Integer> running, List<Command> commands) {
    run(group, founders, running, commands, leader -> {});
  }

  void run(
      String group,
      List<Integer> founders,
      List<Integer> running,
      List<Command> commands,
      Consumer<Running> then) {
    List<Running> replicas = new ArrayList<>();
    try {
      for (int node : running) {
        var options =
            RaftLogOptions.of(
                group,
                id(node),
                founders.stream().map(this::id).toList(),
                path(node).resolve(group),
                Durability.SYNC);
        replicas.add(
            new Running(path(node), founders.contains(node) ? options : options.joining()));
      }
      replicas.forEach(each -> each.log.start(each.replica));
      await(() -> replicas.stream().anyMatch(each -> each.agrees(commands)));
      Running leader = replicas.stream().filter(each -> each.term > 0).findFirst().orElseThrow();
      long until = leader.log.lastLogIndex();
      await(() ->
          replicas.stream()
              .filter(each -> leader.log.members().voters().contains(idOf(each, running, replicas)))
              .allMatch(each -> each.replica.appliedLogIndex() >= until));
      then.accept(leader);
    } finally {
      replicas.forEach(Running::close);
    }
  }

  private String idOf(Running replica, List<Integer> running, List<Running> replicas) {
    return id(running.get(replicas.indexOf(replica)));
  }

  /** To be used of a leader: the vote goes to others. */
  void give(Running leader, List<Integer> nodes) {
    var ended = new CompletableFuture<String>();
    leader.log.changeMembers(Members.of(nodes.stream().map(this::id).toList()), ended::complete);
    String whyNot = ended.orTimeout(1, TimeUnit.MINUTES).join();
    if (!whyNot.isEmpty()) {
      throw new AssertionError(whyNot);
    }
  }

  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it has not come about");
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
