package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.kindstead.replication.RaftLogOptions.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica whose vote is on its way to a disk that stands still holds JRaft's lock. Event loops
 * and timers ask it who leads, and must not stand still with it.
 */
@Timeout(90)
@DisabledOnOs(OS.WINDOWS)
final class VoteHangsTest {
  private static final List<String> IDS = List.of("alpha", "beta", "gamma");
  private static final long ANSWER_SECONDS_MAX = 20;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final Map<String, RaftLog> logs = new TreeMap<>();
  private final Map<String, RecordingReader> readers = new TreeMap<>();

  private @Nullable FileChannel reading;
  private int dumps;

  @AfterEach
  void closeAll() throws IOException {
    logs.values().forEach(RaftLog::close);
    if (reading != null) {
      reading.close();
    }
  }

  private void start(String id) {
    var log =
        new RaftLog(RaftLogOptions.of("group", id, IDS, directory.resolve(id), Durability.RELAXED));
    var reader = new RecordingReader();
    logs.put(id, log);
    readers.put(id, reader);
    log.start(reader);
  }

  @Test
  void whoeverAsksIsAnswered() throws Exception {
    IDS.forEach(this::start);
    await("a leader", () -> readers.values().stream().anyMatch(RecordingReader::isLeading));
    String leader =
        IDS.stream()
            .filter(id -> requireNonNull(readers.get(id)).isLeading())
            .findFirst()
            .orElseThrow();
    String id = IDS.stream().filter(each -> !each.equals(leader)).findFirst().orElseThrow();
    RaftLog log = requireNonNull(logs.get(id));
    await("word of the leader", () -> log.leader().isPresent());

    Path pipe = directory.resolve(id).resolve("vote.new");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    try {
      requireNonNull(logs.remove(leader)).close();
      await("a vote that hangs", this::isVoteHanging);
      await("no word of a leader", () -> answer(log::leader).isEmpty());
      assertThat(answer(log::members).voters()).isEqualTo(new TreeSet<>(IDS));
      assertThat(answer(log::answering)).isEqualTo(Set.of());
      assertThat(answer(() -> log.hasMember(id))).isTrue();
      assertThat(answer(log::status).role()).isEqualTo(ReplicaStatus.Role.LEADERLESS);
      answer(() -> {
        log.resignLeadership();
        log.changeMembers(Members.of(IDS), _ -> {});
        return true;
      });
      assertThat(isVoteHanging()).isTrue();
    } finally {
      // A pipe that can be read, too, is opened at once, and whoever waits to write goes on.
      reading = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
  }

  /**
   * Who opens a pipe to write waits for somebody who reads; here it does so on a virtual thread.
   */
  private boolean isVoteHanging() {
    Path dump = directory.resolve("threads-" + dumps++);
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
      return Files.readString(dump).contains(RaftVoteFile.class.getName() + ".save");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T answer(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question)
        .orTimeout(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
        .join();
  }
}
