package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.cli.RecoverCommand.Found;
import dev.kindstead.cli.RecoverCommand.Group;
import dev.kindstead.cli.RecoverCommand.Place;
import dev.kindstead.cli.RecoverCommand.Wish;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.NodePlace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that has missed a leader, or its successor, must not pass for all there is. */
final class RecoveredOldTest {
  private static final long LED_ELSEWHERE = 1_000;
  private static final List<Integer> ALL = List.of(0, 1, 2);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path scratch;

  private static Map<String, Place> places(Found found) {
    return found.groups().stream().collect(Collectors.toMap(Group::name, Group::place));
  }

  @Test
  void itIsToldFromOneThatIsUpToDate() {
    var nodes = new StoppedNodes(scratch, 3, 3, 2);
    var terms =
        List.<Command>of(
            new Command.ShardTerm(0, 1, nodes.id(0)),
            new Command.ShardTerm(1, LED_ELSEWHERE, nodes.id(1)));
    nodes.run(NodeDescription.SYSTEM_GROUP, ALL, ALL, terms);
    nodes.run("shard-0000", ALL, ALL, List.of());
    nodes.run("shard-0001", ALL, ALL, List.of());
    Found found = Recovery.run(new Wish(nodes.path(0), List.of(), false, false));
    assertThat(places(found))
        .isEqualTo(
            Map.of(
                NodeDescription.SYSTEM_GROUP,
                Place.HERE,
                "shard-0000",
                Place.HERE,
                "shard-0001",
                Place.BEHIND));
  }

  /** It has had the vote, and its log says who has it now. */
  @Test
  void oneThatWasGivenAwayIsTakenOnlyByWhoSaysSo() {
    var nodes = new StoppedNodes(scratch, 4, 3, 1);
    nodes.run(NodeDescription.SYSTEM_GROUP, ALL, ALL, List.of());
    nodes.run(
        "shard-0000",
        ALL,
        List.of(0, 1, 2, 3),
        List.of(),
        leader -> nodes.give(leader, List.of(1, 2, 3)));
    var look = new Wish(nodes.path(0), List.of(), false, false);
    assertThat(places(Recovery.run(look)).get("shard-0000")).isEqualTo(Place.MAYBE_OLD);
    assertThatThrownBy(() -> Recovery.run(new Wish(nodes.path(0), List.of(), true, false)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--accept-old");
    Found found = Recovery.run(new Wish(nodes.path(0), List.of(), true, true));
    assertThat(found.others()).containsExactlyInAnyOrder(nodes.id(1), nodes.id(2));
  }

  /** It was away when others got the vote, and has not heard of it in its own log. */
  @Test
  void oneThatWasReplacedWhileItWasAwayIsToldByTheSystemGroup() {
    var nodes = new StoppedNodes(scratch, 4, 3, 1);
    List<Command> elsewhere =
        List.of(
            new Command.PutNode(nodes.id(0), NodePlace.ANYWHERE, true),
            new Command.PutNode(nodes.id(1), NodePlace.ANYWHERE, false),
            new Command.PutNode(nodes.id(2), NodePlace.ANYWHERE, false),
            new Command.PutNode(nodes.id(3), NodePlace.ANYWHERE, false));
    nodes.run(NodeDescription.SYSTEM_GROUP, ALL, ALL, elsewhere);
    nodes.run("shard-0000", ALL, ALL, List.of());
    var look = new Wish(nodes.path(0), List.of(), false, false);
    assertThat(places(Recovery.run(look)).get("shard-0000")).isEqualTo(Place.MAYBE_OLD);
  }
}
