package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.cli.RecoverCommand.Found;
import dev.kindstead.cli.RecoverCommand.Group;
import dev.kindstead.cli.RecoverCommand.Wish;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has to choose between data directories chooses by what is told of them. */
final class RecoveryFiguresTest {
  private static final List<Integer> ALL = List.of(0, 1, 2);
  private static final String SHARD = "shard-0000";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path scratch;

  private static Command intent(int transaction) {
    return new Command.Prepare(
        Bytes.of(new byte[] {(byte) transaction}), 1, 5, List.of(), List.of(), List.of());
  }

  private static Command end(int transaction) {
    return new Command.Resolve(Bytes.of(new byte[] {(byte) transaction}), 0);
  }

  private static Group shard(Found found) {
    return found.groups().stream()
        .filter(group -> group.name().equals(SHARD))
        .findFirst()
        .orElseThrow();
  }

  private Group look(StoppedNodes nodes) {
    return shard(Recovery.run(new Wish(nodes.path(0), List.of(), false, false)));
  }

  private static void checkpoint(StoppedNodes.Running replica) {
    var done = new CompletableFuture<Boolean>();
    replica.log.requestCheckpoint(() -> done.complete(true));
    assertThat(done.orTimeout(1, TimeUnit.MINUTES).join()).isTrue();
  }

  @Test
  void whatIsInDoubtIsToldBeforeAndAfter() {
    var nodes = new StoppedNodes(scratch, 3, 3, 1);
    nodes.run(NodeDescription.SYSTEM_GROUP, ALL, ALL, List.of());
    nodes.run(SHARD, ALL, ALL, List.of(intent(1), intent(2), intent(3)));
    nodes.run(SHARD, ALL, ALL, List.of(end(2), intent(4)));
    assertThat(look(nodes).inDoubt()).isEqualTo(3);
    Found found = Recovery.run(new Wish(nodes.path(0), List.of(), true, false));
    assertThat(shard(found).inDoubt()).isEqualTo(3);
  }

  /** A store that was lost, or not flushed, is behind its log. */
  @Test
  void whatIsInDoubtIsToldOfEntriesThatWereNotAppliedHere() throws IOException {
    var nodes = new StoppedNodes(scratch, 3, 3, 1);
    nodes.run(NodeDescription.SYSTEM_GROUP, ALL, ALL, List.of());
    nodes.run(SHARD, ALL, ALL, List.of(intent(1), intent(2)));
    nodes.run(SHARD, ALL, ALL, List.of(end(2)));
    delete(nodes.path(0).resolve(SHARD).resolve("store"));
    assertThat(look(nodes).inDoubt()).isEqualTo(1);
  }

  /** As a crash leaves it between a leader's checkpoint and the cut of the log. */
  @Test
  void theTermOfALogThatBeginsBehindItsCheckpointIsTold() throws IOException {
    var nodes = new StoppedNodes(scratch, 3, 3, 1);
    nodes.run(NodeDescription.SYSTEM_GROUP, ALL, ALL, List.of());
    var ids = new ArrayList<String>();
    var terms = new ArrayList<Long>();
    nodes.run(
        SHARD,
        ALL,
        ALL,
        List.of(),
        leader -> {
          ids.add(leader.log.leader().orElseThrow());
          terms.add(leader.term);
          checkpoint(leader);
        });
    Path path = nodes.path(ALL.stream().map(nodes::id).toList().indexOf(ids.getFirst()));
    delete(path.resolve(SHARD).resolve("log"));
    Found found = Recovery.run(new Wish(path, List.of(), false, false));
    assertThat(shard(found).lastTerm()).isEqualTo(terms.getFirst());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
