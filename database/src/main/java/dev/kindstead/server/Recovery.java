package dev.kindstead.server;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.RecoverCommand.Found;
import dev.kindstead.cli.RecoverCommand.Group;
import dev.kindstead.cli.RecoverCommand.Place;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.model.Invariant;
import dev.kindstead.placement.ReplicaPlacement;
import dev.kindstead.placement.Roster;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Entry;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.RaftLog;
import dev.kindstead.replication.RaftLogOptions;
import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.Replica;
import dev.kindstead.replication.ReplicaListener;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.StoredState;
import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.RocksResources;
import dev.kindstead.storage.RocksStore;
import dev.kindstead.storage.StorageSizes;
import dev.kindstead.storage.VersionedStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Makes the data directory of one member a cluster of its own, without asking the others. The
 * groups come first and the identity last: a recovery that was interrupted is begun again.
 *
 * <p>Thread rule: one thread.
 */
final class Recovery {
  private static final Duration LEADS_MAX = Duration.ofMinutes(10);

  private final DataDirectory directory;
  private final NodeIdentity identity;
  private final RandomGenerator random;

  private Recovery(DataDirectory directory, NodeIdentity identity, RandomGenerator random) {
    this.directory = directory;
    this.identity = identity;
    this.random = random;
  }

  /** See {@link dev.kindstead.cli.RecoverCommand.Recovery}. */
  static Found run(Path path, boolean recover) {
    if (!Files.isDirectory(path)) {
      throw new Refusal(ExitCode.DATA_NOT_ACCESSIBLE, "there is no data directory " + path);
    }
    RandomGenerator random = new SecureRandom();
    try (var directory = DataDirectory.open(path, random)) {
      NodeIdentity identity =
          directory
              .node()
              .identity()
              .orElseThrow(() ->
                  new Refusal(ExitCode.DATA_NOT_OURS, path + " has never belonged to a cluster"));
      if (identity.isAlone()) {
        throw new Refusal(
            ExitCode.USAGE, "%s is a node alone: start it, it needs no others".formatted(path));
      }
      if (!identity.members().contains(identity.nodeId())) {
        throw new Refusal(
            ExitCode.USAGE, "%s belongs to a node that had no vote: take another".formatted(path));
      }
      return new Recovery(directory, identity, random).run(recover);
    }
  }

  private Found run(boolean recover) {
    List<Group> groups = new ArrayList<>();
    try (var resources = new RocksResources(StorageSizes.SMALL)) {
      Set<String> elsewhere;
      Map<String, Long> terms;
      try (var system = RocksStore.open(directory.store(NodeDescription.SYSTEM_GROUP), resources)) {
        elsewhere = elsewhere(system);
        terms = latestTerms(system);
      }
      for (String group : Shards.names(identity.shards())) {
        // Where a replica was to be, it may not have been made: to lead alone would found it anew.
        if (look(group, resources, false).lastLogIndex() == 0) {
          elsewhere.add(group);
        }
      }
      if (recover && !elsewhere.isEmpty()) {
        throw new Refusal(
            ExitCode.USAGE,
            "node %s has no replica of %s, or an old one: alone it would lose all that is theirs"
                .formatted(identity.nodeId(), String.join(", ", elsewhere)));
      }
      for (String group : Shards.names(identity.shards())) {
        Group found = look(group, resources, recover);
        boolean isBehind = found.lastTerm() < terms.getOrDefault(group, 0L);
        Place here = isBehind ? Place.BEHIND : Place.HERE;
        groups.add(found.at(elsewhere.contains(group) ? Place.ELSEWHERE : here));
      }
    }
    String cluster = identity.clusterId();
    if (recover) {
      NodeIdentity alone = identity.recovered(random);
      directory.node().join(alone);
      cluster = alone.clusterId();
    }
    List<String> others =
        identity.members().stream().filter(id -> !id.equals(identity.nodeId())).toList();
    return new Found(cluster, identity.nodeId(), others, groups);
  }

  /** Names of the shards whose replicas are on other nodes, by what this node has heard last. */
  private Set<String> elsewhere(OrderedStore system) {
    var nodes = new TreeMap<String, Command.PutNode>(StoredState.nodes(system));
    nodes.keySet().removeAll(StoredState.removedNodes(system));
    Roster roster = Roster.of(new TreeSet<>(identity.members()), nodes.values());
    List<Members> placed = ReplicaPlacement.place(roster, identity.shards());
    List<String> shards = Shards.names(identity.shards());
    shards = shards.subList(1, shards.size()); // behind the system group, which is here
    var elsewhere = new TreeSet<String>();
    for (int shard = 0; shard < placed.size(); shard++) {
      if (!placed.get(shard).voters().contains(identity.nodeId())) {
        elsewhere.add(shards.get(shard));
      }
    }
    return elsewhere;
  }

  /** By shard, the latest term in which it was led, as far as the system group here knows. */
  private static Map<String, Long> latestTerms(OrderedStore system) {
    var terms = new TreeMap<String, Long>();
    StoredState.shardTerms(system)
        .forEach((shard, term) -> terms.put(Shards.nameOfGroup(shard), term));
    return terms;
  }

  private Group look(String group, RocksResources resources, boolean recover) {
    try (var store = RocksStore.open(directory.store(group), resources);
        var log =
            new RaftLog(
                RaftLogOptions.of(
                    group,
                    identity.nodeId(),
                    identity.members(),
                    directory.log(group),
                    Durability.SYNC))) {
      var waiting = new Waiting();
      var replica = new Replica(new VersionedStore(store), waiting);
      log.start(replica);
      long lastTerm = log.lastEntryTerm();
      long lastLogIndex = log.lastLogIndex();
      int inDoubt = 0;
      if (recover) {
        log.leadAlone();
        inDoubt = waiting.await(group).size();
        if (group.equals(NodeDescription.SYSTEM_GROUP)) {
          forgetOthers(log, replica, waiting.term, StoredState.nodes(store).keySet());
        }
      }
      return new Group(group, lastTerm, lastLogIndex, inDoubt, Place.HERE);
    }
  }

  /**
   * The shards' replicas here may never have heard of terms that their lost majorities had, and on
   * the nodes of the cluster before no replica is to be placed.
   */
  private void forgetOthers(RaftLog log, Replica replica, long term, Set<String> nodes) {
    List<Command> commands = new ArrayList<>();
    for (int shard = 0; shard < identity.shards(); shard++) {
      commands.add(new Command.ShardTerm(shard, 0, ""));
    }
    nodes.stream()
        .filter(node -> !node.equals(identity.nodeId()))
        .forEach(node -> commands.add(new Command.PutNode(node, NodePlace.ANYWHERE, true)));
    var entry = new Entry(term, replica.nextSequence(term), commands);
    var ended = new CompletableFuture<Outcome>();
    log.propose(EntryEncoding.encode(entry), ended::complete);
    Outcome outcome = ended.orTimeout(LEADS_MAX.toMillis(), TimeUnit.MILLISECONDS).join();
    Invariant.check(outcome == Outcome.APPLIED, "who leads alone agrees with itself");
  }

  /** Until the replica leads, with every entry applied. */
  static final class Waiting implements ReplicaListener {
    private final CompletableFuture<List<Prepare>> leads = new CompletableFuture<>();

    volatile long term;

    @Override
    public void leaderStarted(long began, List<Prepare> prepared) {
      term = began;
      leads.complete(prepared);
    }

    @Override
    public void leaderStopped(long ended) {}

    @Override
    public void termBegan(long began) {}

    @Override
    public void failed(Throwable cause) {
      leads.completeExceptionally(cause);
    }

    List<Prepare> await(String group) {
      try {
        return leads.orTimeout(LEADS_MAX.toMillis(), TimeUnit.MILLISECONDS).join();
      } catch (CompletionException e) {
        throw new Refusal(
            ExitCode.UNEXPECTED,
            "%s could not be recovered: %s\nNothing is lost by that: mend it and try again."
                .formatted(group, e.getCause()));
      }
    }
  }
}
