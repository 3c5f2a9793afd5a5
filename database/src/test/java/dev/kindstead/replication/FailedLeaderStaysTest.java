package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;
import static dev.kindstead.replication.ReplicatedLogContract.propose;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leader that takes no more proposals, and of which the engine does not know that anything is
 * wrong, must not go on leading: nobody could write any more.
 */
@Timeout(90)
final class FailedLeaderStaysTest {
  private static final List<String> IDS = List.of("alpha", "beta", "gamma");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final Map<String, RaftLog> logs = new TreeMap<>();
  private final Map<String, RecordingReader> readers = new TreeMap<>();

  @AfterEach
  void closeAll() {
    logs.values().forEach(RaftLog::close);
  }

  private RecordingReader reader(String id) {
    return requireNonNull(readers.get(id));
  }

  private void start(String id, RecordingReader reader) {
    var log =
        new RaftLog(RaftLogOptions.of("group", id, IDS, directory.resolve(id), Durability.RELAXED));
    logs.put(id, log);
    readers.put(id, reader);
    log.start(reader);
  }

  private void commit(long number) {
    await(
        "commit of " + number,
        () ->
            logs.values().stream().anyMatch(log -> propose(log, number).join() == Outcome.APPLIED));
  }

  private String leader() {
    await("a leader", () -> readers.values().stream().anyMatch(RecordingReader::isLeading));
    return IDS.stream().filter(id -> reader(id).isLeading()).findFirst().orElseThrow();
  }

  /** The leader asks its disk for the term of the last entry that a follower has. */
  @Test
  void whoseLogCantBeRead() throws IOException {
    IDS.forEach(id -> start(id, new RecordingReader()));
    for (long n = 0; n < 10; n++) {
      commit(n);
    }
    String leader = leader();
    String away = IDS.stream().filter(id -> !id.equals(leader)).findFirst().orElseThrow();
    RecordingReader before = reader(away);
    requireNonNull(logs.remove(away)).close();
    for (long n = 10; n < 40; n++) {
      commit(n);
    }
    damage(SegmentFiles.last(directory.resolve(leader).resolve("log")));
    start(away, before.afterCrash(0));

    await("the failure", () -> reader(leader).failure != null);
    await("another leader", () -> !leader().equals(leader));
    commit(40);
    assertThat(reader(leader).failure).isInstanceOf(CorruptLogException.class);
    assertThat(reader(leader).complaints).isEmpty();
    assertThat(requireNonNull(logs.get(leader)).members().voters()).containsAll(IDS);
  }

  /** The first records, and not the newest ones: those it has in memory. */
  private static void damage(Path segment) throws IOException {
    try (var channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
      int bytes = 20 * (RaftRecord.HEADER_BYTES + Long.BYTES);
      channel.write(ByteBuffer.allocate(bytes), RaftSegment.HEADER_BYTES);
    }
  }

  @Test
  void whoseReaderFailsAsItBeginsToLead() {
    IDS.forEach(id -> start(id, new RecordingReader()));
    commit(0);
    String first = leader();
    String next = IDS.stream().filter(id -> !id.equals(first)).findFirst().orElseThrow();
    reader(next).throwOnLead = new IllegalStateException("planned");
    await(
        "a failure",
        () -> {
          requireNonNull(logs.get(first)).transferLeadership(next);
          return reader(next).failure != null;
        });
    commit(1);
    assertThat(leader()).isNotEqualTo(next);
  }
}
