package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.cli.RecoverCommand.Found;
import dev.kindstead.cli.RecoverCommand.Group;
import dev.kindstead.cli.RecoverCommand.Place;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Entry;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.RaftLog;
import dev.kindstead.replication.RaftLogOptions;
import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.Replica;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.storage.RocksResources;
import dev.kindstead.storage.RocksStore;
import dev.kindstead.storage.StorageSizes;
import dev.kindstead.storage.VersionedStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that has missed a leader must not pass for all there is. */
final class RecoveredOldTest {
  private static final long LED_ELSEWHERE = 1_000;

  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

  /** Leads a group alone, and has commands agreed on. */
  private static void lead(
      DataDirectory directory, NodeIdentity identity, String group, List<Command> commands)
      throws Exception {
    try (var resources = new RocksResources(StorageSizes.SMALL);
        var store = RocksStore.open(directory.store(group), resources);
        var log =
            new RaftLog(
                RaftLogOptions.of(
                    group,
                    identity.nodeId(),
                    identity.members(),
                    directory.log(group),
                    Durability.SYNC))) {
      var waiting = new Recovery.Waiting();
      var replica = new Replica(new VersionedStore(store), waiting);
      log.start(replica);
      log.leadAlone();
      waiting.await(group);
      long term = waiting.term;
      if (!commands.isEmpty()) {
        var ended = new CompletableFuture<Outcome>();
        var entry = new Entry(term, replica.nextSequence(term), commands);
        log.propose(EntryEncoding.encode(entry), ended::complete);
        assertThat(ended.get(1, TimeUnit.MINUTES)).isEqualTo(Outcome.APPLIED);
      }
    }
  }

  @Test
  void itIsToldFromOneThatIsUpToDate(@TempDir Path path) throws Exception {
    try (var directory = DataDirectory.open(path, random)) {
      String self = directory.node().nodeId();
      var identity =
          NodeIdentity.alone(self, 2, random).withMembers(List.of(self, "node-b", "node-c"));
      directory.node().join(identity);
      lead(directory, identity, "shard-0000", List.of());
      lead(directory, identity, "shard-0001", List.of());
      var terms =
          List.<Command>of(
              new Command.ShardTerm(0, 1, self), new Command.ShardTerm(1, LED_ELSEWHERE, "node-b"));
      lead(directory, identity, NodeDescription.SYSTEM_GROUP, terms);
    }
    Found found = Recovery.run(path, false);
    assertThat(found.groups().stream().collect(Collectors.toMap(Group::name, Group::place)))
        .isEqualTo(
            Map.of(
                NodeDescription.SYSTEM_GROUP,
                Place.HERE,
                "shard-0000",
                Place.HERE,
                "shard-0001",
                Place.BEHIND));
  }
}
