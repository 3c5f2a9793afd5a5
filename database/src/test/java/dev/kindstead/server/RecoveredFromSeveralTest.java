package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.cli.RecoverCommand.Found;
import dev.kindstead.cli.RecoverCommand.Place;
import dev.kindstead.cli.RecoverCommand.Wish;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.placement.ReplicaPlacement;
import dev.kindstead.placement.Roster;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.StoredState;
import dev.kindstead.storage.RocksResources;
import dev.kindstead.storage.RocksStore;
import dev.kindstead.storage.StorageSizes;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where there are more nodes than votes, no node has replicas of all shards, but two may. */
final class RecoveredFromSeveralTest {
  private static final List<Integer> VOTERS = List.of(0, 1, 2);
  private static final List<Integer> ALL = List.of(0, 1, 2, 3);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path scratch;

  private static Command.IdBlock idBlock(long upTo) {
    return new Command.IdBlock(upTo);
  }

  private long idBlockOf(Path path, String group) {
    try (var resources = new RocksResources(StorageSizes.SMALL);
        var store = RocksStore.open(path.resolve(group).resolve("store"), resources)) {
      return StoredState.idBlock(store);
    }
  }

  private static List<Command> everyNode(StoppedNodes nodes) {
    return nodes.identities.stream()
        .<Command>map(node -> new Command.PutNode(node.nodeId(), NodePlace.ANYWHERE, false))
        .toList();
  }

  /** Where the shards' replicas belong. */
  private static List<List<Integer>> placed(StoppedNodes nodes, int shards) {
    List<String> ids = nodes.identities.stream().map(NodeIdentity::nodeId).toList();
    List<Command.PutNode> puts =
        everyNode(nodes).stream().map(Command.PutNode.class::cast).toList();
    var roster = Roster.of(new TreeSet<>(ids.subList(0, 3)), puts);
    return ReplicaPlacement.place(roster, shards).stream()
        .map(members -> members.voters().stream().map(ids::indexOf).toList())
        .toList();
  }

  @Test
  void theReplicaThatGoesFarthestIsTakenOfEach() {
    var nodes = new StoppedNodes(scratch, 4, 3, 2);
    List<Integer> first = placed(nodes, 2).get(0);
    List<Integer> second = placed(nodes, 2).get(1);
    int left = ALL.stream().filter(node -> !second.contains(node)).findFirst().orElseThrow();
    List<Integer> further = first.stream().filter(node -> node != left).limit(2).toList();
    nodes.run(NodeDescription.SYSTEM_GROUP, VOTERS, VOTERS, everyNode(nodes));
    nodes.run("shard-0000", first, first, List.of(idBlock(10)));
    nodes.run("shard-0000", first, further, List.of(idBlock(20)));
    nodes.run("shard-0001", second, second, List.of(idBlock(30)));

    assertThatThrownBy(() -> Recovery.run(new Wish(nodes.path(left), List.of(), true, true)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("has no replica of")
        .hasMessageContaining("shard-0001")
        .hasMessageContaining("--with");
    List<Path> with = ALL.stream().filter(node -> node != left).map(nodes::path).toList();
    Found found = Recovery.run(new Wish(nodes.path(left), with, true, false));

    assertThat(found.groups()).allMatch(group -> group.place() == Place.HERE);
    assertThat(idBlockOf(nodes.path(left), "shard-0000")).isEqualTo(20);
    assertThat(idBlockOf(nodes.path(left), "shard-0001")).isEqualTo(30);
    try (var node =
        StartedNode.by(
            "start", "--listen=0", "--node-listen=0", "--data-dir=" + nodes.path(left))) {
      assertThat(node).isNotNull();
    }
  }

  /** A node that has joined is to have its share, but moves may not have been made yet. */
  @Test
  void itGoesByTheLogsAndNotByWhereReplicasShallBe() {
    var nodes = new StoppedNodes(scratch, 4, 3, 4);
    nodes.run(NodeDescription.SYSTEM_GROUP, VOTERS, VOTERS, everyNode(nodes));
    for (String group : Shards.names(4).subList(1, 5)) {
      nodes.run(group, VOTERS, VOTERS, List.of(idBlock(10)));
    }
    for (int node : VOTERS) {
      Found found = Recovery.run(new Wish(nodes.path(node), List.of(), true, true));
      assertThat(found.groups()).hasSize(5);
    }
  }

  @Test
  void aNodeOfAnotherClusterIsRefused() {
    var nodes = new StoppedNodes(scratch.resolve("one"), 3, 3, 1);
    var foreign = new StoppedNodes(scratch.resolve("other"), 3, 3, 1);
    var wish = new Wish(nodes.path(0), List.of(foreign.path(1)), true, false);
    assertThatThrownBy(() -> Recovery.run(wish))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(foreign.identities.get(1).clusterId());
  }

  /** The file that says who the members are is written a moment after the log. */
  @Test
  void aNodeThatHasJustGrownIsNotAloneThoughItsFileSaysSo() {
    var nodes = new StoppedNodes(scratch, 3, 3, 1);
    for (String group : Shards.names(1)) {
      nodes.run(group, VOTERS, VOTERS, List.of(idBlock(10)));
    }
    nodes.know(0, nodes.identities.getFirst().withMembers(List.of(nodes.id(0))));
    Found found = Recovery.run(new Wish(nodes.path(0), List.of(), true, false));
    assertThat(found.others()).containsExactlyInAnyOrder(nodes.id(1), nodes.id(2));
  }
}
