package dev.kindstead.replication;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.error.LogEntryCorruptedException;
import dev.kindstead.replication.RaftLogOptions.Durability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another leader replaces entries: nobody is given what the log does not have any more. */
class RaftEntryReplacedTest {
  private static final int STEPS = 2_000;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private RaftSegmentLog log;

  @BeforeEach
  void open() throws IOException {
    var options = RaftLogOptions.single("g", "n1", directory, Durability.RELAXED);
    var synced = new RaftSynced(() -> {}, RaftSynced.LOOK_MILLIS);
    var machine = new RaftStateMachine(options, new RecordingReader(), done -> {}, synced);
    var loading = new RaftSegmentLoading(false, 0, 0, 0);
    log = RaftSegmentLog.open(directory.resolve("log"), false, loading, machine, synced);
  }

  @AfterEach
  void close() {
    log.shutdown();
  }

  private static LogEntry entry(long logIndex, long term, int bytes) {
    var entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
    entry.setId(new LogId(logIndex, term));
    entry.setData(ByteBuffer.wrap(new byte[bytes]));
    return entry;
  }

  private void append(long logIndex, long term, int bytes) {
    assertThat(log.appendEntry(entry(logIndex, term, bytes))).isTrue();
  }

  private long term(long logIndex) {
    return requireNonNull(log.getEntry(logIndex)).getId().getTerm();
  }

  @Test
  void byOneOfALaterTerm() {
    append(1, 1, 10);
    append(2, 1, 10);
    append(3, 1, 10);
    log.truncateSuffix(1);
    assertThat(log.getEntry(2)).isNull();
    append(2, 2, 10);
    assertThat(term(2)).isEqualTo(2);
    assertThat(log.getEntry(3)).isNull();
  }

  /** It is not kept, and what was kept in its place is none of it. */
  @Test
  void byALargeOne() {
    append(1, 1, 10);
    log.truncateSuffix(0);
    append(1, 2, RaftRecentEntries.ENTRY_BYTES_MAX + 1);
    assertThat(term(1)).isEqualTo(2);
  }

  @Test
  void byACheckpoint() {
    append(1, 1, 10);
    append(2, 1, 10);
    log.reset(2);
    assertThat(log.getEntry(2)).isNull();
    append(2, 3, 10);
    assertThat(term(2)).isEqualTo(3);
    assertThat(log.getEntry(1)).isNull();
  }

  /** Whatever comes, the log has what a list has; and its terms even when it can't be read. */
  @Test
  void againAndAgain() throws IOException {
    var random = new Random(3);
    var model = new ArrayList<Long>();
    for (int step = 1; step <= STEPS; step++) {
      if (random.nextInt(4) == 0) {
        int kept = Math.max(0, model.size() - random.nextInt(2 * RaftRecentEntries.ENTRIES_MAX));
        log.truncateSuffix(kept);
        model.subList(kept, model.size()).clear();
      } else {
        var batch = new ArrayList<LogEntry>();
        for (int n = random.nextInt(4); n >= 0; n--) {
          batch.add(entry(model.size() + 1L, step, random.nextInt(64)));
          model.add((long) step);
        }
        assertThat(log.appendEntries(batch)).isEqualTo(batch.size());
      }
      check(model, random);
    }
    damage();
    for (int logIndex = 1; logIndex <= model.size(); logIndex++) {
      assertThat(term(logIndex)).isEqualTo(model.get(logIndex - 1));
    }
    assertThatThrownBy(requireNonNull(log.getEntry(1))::getData)
        .isInstanceOf(LogEntryCorruptedException.class);
    assertThat(log.truncateSuffix(1)).isFalse();
    assertThat(log.appendEntry(entry(model.size() + 1L, STEPS + 1, 1))).isFalse();
    assertThat(log.getLastLogIndex()).isEqualTo(model.size());
  }

  private void damage() throws IOException {
    Path file = SegmentFiles.last(directory.resolve("log"));
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(RaftSegment.HEADER_BYTES);
    }
  }

  private void check(List<Long> model, Random random) {
    assertThat(log.getLastLogIndex()).isEqualTo(model.size());
    assertThat(log.getEntry(model.size() + 1L)).isNull();
    for (int n = 0; n < 3 && !model.isEmpty(); n++) {
      int back = random.nextInt(Math.min(model.size(), 2 * RaftRecentEntries.ENTRIES_MAX));
      int logIndex = model.size() - back;
      assertThat(term(logIndex)).isEqualTo(model.get(logIndex - 1));
    }
  }
}
