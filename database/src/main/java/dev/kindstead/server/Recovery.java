package dev.kindstead.server;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.RecoverCommand.Found;
import dev.kindstead.cli.RecoverCommand.Group;
import dev.kindstead.cli.RecoverCommand.Place;
import dev.kindstead.cli.RecoverCommand.Wish;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.placement.ReplicaPlacement;
import dev.kindstead.placement.Roster;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.StoredState;
import dev.kindstead.storage.RocksResources;
import dev.kindstead.storage.StorageSizes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the data directory of one node a cluster of its own, without asking the others. What a
 * replica's log says of its group counts; the files of the node may be a moment behind it.
 *
 * <p><b>Invariant.</b> From the first change to the last one the directory bears a mark, and does
 * not start: some of its groups are of the old cluster then and some are not. The groups come first
 * and the identity last, so that it can be begun again.
 *
 * <p>Thread rule: one thread.
 */
final class Recovery {
  static final String BROKEN_OFF =
      "a recovery of this data directory was broken off: run \"kindstead recover --unsafe\" again,"
          + " as before. Until then it belongs to no cluster.";

  private final List<DataDirectory> sources;
  private final DataDirectory target;
  private final NodeIdentity identity;
  private final RocksResources resources;
  private final RandomGenerator random = new SecureRandom();

  /** The replica of a group that goes farthest. */
  private record Best(String group, DataDirectory directory, StoppedReplica.Reach reach) {
    String nodeId() {
      return directory.node().nodeId();
    }

    boolean isEmpty() {
      return reach.lastLogIndex() == 0;
    }
  }

  /**
   * What the system group knows of the shards, as it was applied here.
   *
   * @param terms by shard, the latest one in which it was led
   * @param placed by shard, who was to have a replica
   */
  private record Heard(Map<String, Long> terms, Map<String, Members> placed) {}

  private Recovery(List<DataDirectory> sources, RocksResources resources) {
    this.sources = sources;
    this.resources = resources;
    target = sources.getFirst();
    identity = identityOf(target);
  }

  /** See {@link dev.kindstead.cli.RecoverCommand.Recovery}. */
  static Found run(Wish wish) {
    Deque<Runnable> closings = new ArrayDeque<>();
    try (var resources = new RocksResources(StorageSizes.SMALL)) {
      List<DataDirectory> sources = new ArrayList<>();
      for (Path path : Stream.concat(Stream.of(wish.directory()), wish.with().stream()).toList()) {
        if (!Files.isDirectory(path)) {
          throw new Refusal(ExitCode.DATA_NOT_ACCESSIBLE, "there is no data directory " + path);
        }
        DataDirectory opened = DataDirectory.open(path, new SecureRandom());
        closings.push(opened::close);
        sources.add(opened);
      }
      var recovery = new Recovery(sources, resources);
      recovery.checkSources();
      return recovery.run(wish.does(), wish.acceptsOld());
    } finally {
      Shards.closeAll(closings);
    }
  }

  private static NodeIdentity identityOf(DataDirectory directory) {
    return directory
        .node()
        .identity()
        .orElseThrow(() ->
            new Refusal(
                ExitCode.DATA_NOT_OURS, directory.path() + " has never belonged to a cluster"));
  }

  private void checkSources() {
    for (DataDirectory source : sources.subList(1, sources.size())) {
      String cluster = identityOf(source).clusterId();
      if (!cluster.equals(identity.clusterId()) || isBrokenOff(source)) {
        throw new Refusal(
            ExitCode.USAGE,
            "%s is of %s%s, but %s is of %s"
                .formatted(
                    source.path(),
                    cluster,
                    isBrokenOff(source) ? ", half recovered" : "",
                    target.path(),
                    identity.clusterId()));
      }
    }
  }

  private static boolean isBrokenOff(DataDirectory directory) {
    return directory.node().refusal().equals(BROKEN_OFF);
  }

  private Found run(boolean recover, boolean acceptsOld) {
    List<Best> bests = Shards.names(identity.shards()).stream().map(this::best).toList();
    Best system = bests.getFirst();
    List<String> others =
        system.reach().voters().without(List.of(identity.nodeId())).voters().stream().toList();
    if (others.isEmpty() && !system.isEmpty() && !isBrokenOff(target)) {
      throw new Refusal(
          ExitCode.USAGE,
          "%s is a node alone: start it, it needs no others".formatted(target.path()));
    }
    Heard heard = system.isEmpty() ? new Heard(Map.of(), Map.of()) : heard(system);
    List<Group> groups = bests.stream().map(best -> found(best, heard)).toList();
    if (!recover) {
      return new Found(identity.clusterId(), identity.nodeId(), others, groups);
    }
    refuse(groups, Place.ELSEWHERE, "has no replica of %s: alone it would lose all that is theirs");
    if (!acceptsOld) {
      refuse(
          groups,
          Place.MAYBE_OLD,
          "may have only an old replica of %s. With --accept-old what was written since is lost");
    }
    target.node().refused(BROKEN_OFF);
    List<Group> recovered = new ArrayList<>();
    for (int group = 0; group < groups.size(); group++) {
      recovered.add(groups.get(group).withDoubts(recover(bests.get(group))));
    }
    NodeIdentity alone = identity.recovered(random);
    target.node().join(alone);
    return new Found(alone.clusterId(), identity.nodeId(), others, recovered);
  }

  private void refuse(List<Group> groups, Place place, String why) {
    String names =
        groups.stream()
            .filter(group -> group.place() == place)
            .map(Group::name)
            .collect(Collectors.joining(", "));
    if (!names.isEmpty()) {
      throw new Refusal(
          ExitCode.USAGE,
          "node %s %s.\nName the data directories of other nodes of the cluster that are left: --with DIRECTORY."
              .formatted(identity.nodeId(), why.formatted(names)));
    }
  }

  /** The first one, of equal ones: what is here need not be copied. */
  private Best best(String group) {
    Optional<Best> best = Optional.empty();
    for (DataDirectory source : sources) {
      var next =
          new Best(
              group,
              source,
              StoppedReplica.in(
                  source, identityOf(source), group, resources, StoppedReplica::reach));
      if (best.isEmpty() || next.reach().compareTo(best.get().reach()) > 0) {
        best = Optional.of(next);
      }
    }
    return best.orElseThrow();
  }

  private Heard heard(Best system) {
    return StoppedReplica.in(
        system.directory(),
        identityOf(system.directory()),
        NodeDescription.SYSTEM_GROUP,
        resources,
        replica -> {
          var terms = new TreeMap<String, Long>();
          StoredState.shardTerms(replica.store())
              .forEach((shard, term) -> terms.put(Shards.nameOfGroup(shard), term));
          var nodes = new TreeMap<String, Command.PutNode>(StoredState.nodes(replica.store()));
          nodes.keySet().removeAll(StoredState.removedNodes(replica.store()));
          Roster roster = Roster.of(system.reach().voters().voters(), nodes.values());
          List<Members> all = ReplicaPlacement.place(roster, identity.shards());
          var placed = new TreeMap<String, Members>();
          for (int shard = 0; shard < all.size(); shard++) {
            placed.put(Shards.nameOfGroup(shard), all.get(shard));
          }
          return new Heard(terms, placed);
        });
  }

  private static Group found(Best best, Heard heard) {
    StoppedReplica.Reach reach = best.reach();
    return new Group(
        best.group(),
        best.nodeId(),
        reach.lastTerm(),
        reach.lastLogIndex(),
        reach.inDoubt(),
        place(best, heard));
  }

  /**
   * A replica that was away when others took its place may not have heard of it, but the system
   * group may.
   */
  private static Place place(Best best, Heard heard) {
    Members placed = heard.placed().getOrDefault(best.group(), best.reach().voters());
    if (best.isEmpty()) {
      return Place.ELSEWHERE;
    }
    if (!best.reach().voters().voters().contains(best.nodeId())
        || !placed.voters().contains(best.nodeId())) {
      return Place.MAYBE_OLD;
    }
    return best.reach().lastTerm() < heard.terms().getOrDefault(best.group(), 0L)
        ? Place.BEHIND
        : Place.HERE;
  }

  private int recover(Best best) {
    if (best.directory() != target) {
      target.replaceGroup(best.group(), best.directory());
    }
    return StoppedReplica.in(
        target,
        identity,
        best.group(),
        resources,
        replica -> {
          int inDoubt = replica.leadAlone(identity.nodeId());
          if (best.group().equals(NodeDescription.SYSTEM_GROUP)) {
            replica.agree(forgettingOthers(StoredState.nodes(replica.store()).keySet()));
          }
          return inDoubt;
        });
  }

  /**
   * The shards' replicas here may never have heard of terms that their lost majorities had, and on
   * the nodes of the cluster before no replica is to be placed.
   */
  private List<Command> forgettingOthers(Iterable<String> nodes) {
    List<Command> commands = new ArrayList<>();
    for (int shard = 0; shard < identity.shards(); shard++) {
      commands.add(new Command.ShardTerm(shard, 0, ""));
    }
    for (String node : nodes) {
      if (!node.equals(identity.nodeId())) {
        commands.add(new Command.PutNode(node, NodePlace.ANYWHERE, true));
      }
    }
    return commands;
  }
}
