package dev.kindstead.replication;

import static dev.kindstead.replication.ReplicatedLogContract.propose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Members of the real engine in one process, over {@link RaftNetwork}. */
class RaftGroupTest extends ReplicatedGroupContract {
  @Override
  ReplicatedLog newLog(String id, List<String> founders) {
    return new RaftLog(
        new RaftLogOptions(
            "group",
            id,
            founders,
            true,
            directory.resolve(id),
            Durability.SYNC,
            1L << 30,
            1_000_000,
            1L << 30));
  }

  @Override
  void loseDisk(String id) {
    try (var files = Files.walk(directory.resolve(id))) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  void await(String what, BooleanSupplier condition) {
    RecordingReader.await(what, condition);
  }

  /** With the leader gone both others are needed, and one can't vote: nobody may lead. */
  @Test
  void aVoteThatCantBeSavedHaltsTheReplica() throws Exception {
    startAll();
    commit(0);
    String lost = leader();
    List<String> left = IDS.stream().filter(id -> !id.equals(lost)).toList();
    Files.createDirectories(directory.resolve(left.getFirst()).resolve("vote.new"));
    stop(lost);
    await("the failure", () -> reader(left.getFirst()).failure != null);
    Thread.sleep(2_500);
    for (String id : left) {
      assertThat(reader(id).isLeading()).isFalse();
      assertThat(propose(log(id), 1).join()).isEqualTo(Outcome.NOT_APPLIED);
    }
  }
}
