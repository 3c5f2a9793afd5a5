package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;
import static dev.kindstead.replication.RecordingReader.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ReplicatedLog} keeps. An engine's test extends this and adds its own. */
@org.junit.jupiter.api.Timeout(60)
abstract class ReplicatedLogContract {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final List<ReplicatedLog> opened = new ArrayList<>();

  /** A log over what an earlier one of this test left. */
  abstract ReplicatedLog newLog();

  /** Whether entries outlive the log, so that a store that lost its last ones gets them again. */
  abstract boolean keepsEntries();

  /** Whether checkpoints are files; a model may only cut its log. */
  boolean savesCheckpoints() {
    return keepsEntries();
  }

  /** Whether a failed apply stops this replica; a model may end its whole world. */
  boolean survivesFailedApply() {
    return true;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(ReplicatedLog::close);
  }

  final ReplicatedLog open(LogReader reader) {
    ReplicatedLog log = newLog();
    opened.add(log);
    log.start(reader);
    return log;
  }

  final ReplicatedLog openLeading(RecordingReader reader) {
    ReplicatedLog log = open(reader);
    await("leadership", () -> reader.leaderTerm > 0);
    return log;
  }

  static CompletableFuture<Outcome> propose(ReplicatedLog log, long number) {
    var ended = new CompletableFuture<Outcome>();
    log.propose(
        number(number),
        outcome -> {
          if (!ended.complete(outcome)) {
            throw new AssertionError("two outcomes");
          }
        });
    return ended;
  }

  static void fill(ReplicatedLog log, long from, long until) {
    var proposals = LongStream.range(from, until).mapToObj(n -> propose(log, n)).toList();
    for (var proposal : proposals) {
      assertThat(proposal.join()).isEqualTo(Outcome.APPLIED);
    }
  }

  static List<Long> range(long from, long until) {
    return LongStream.range(from, until).boxed().toList();
  }

  static boolean barrier(ReplicatedLog log) {
    var reached = new CompletableFuture<Boolean>();
    log.readBarrier(reached::complete);
    return reached.join();
  }

  static void checkpoint(ReplicatedLog log) {
    var done = new CompletableFuture<Boolean>();
    log.requestCheckpoint(() -> done.complete(true));
    done.join();
  }

  @Test
  void appliesInTheOrderOfOneProposer() {
    var reader = new RecordingReader();
    ReplicatedLog log = openLeading(reader);
    fill(log, 0, 300);
    assertThat(reader.numbers()).isEqualTo(range(0, 300));
    assertThat(reader.complaints).isEmpty();
  }

  @Test
  void appliesBeforeItReports() {
    var reader = new RecordingReader();
    ReplicatedLog log = openLeading(reader);
    var early = new AtomicInteger();
    var left = new CountDownLatch(200);
    for (long n = 0; n < 200; n++) {
      long mine = n;
      log.propose(
          number(n),
          outcome -> {
            if (outcome != Outcome.APPLIED || !reader.numbers().contains(mine)) {
              early.incrementAndGet();
            }
            left.countDown();
          });
    }
    await("200 outcomes", () -> left.getCount() == 0);
    assertThat(early).hasValue(0);
  }

  @Test
  void manyProposersLoseAndRepeatNothing() throws Exception {
    var reader = new RecordingReader();
    ReplicatedLog log = openLeading(reader);
    var threads = new ArrayList<Thread>();
    for (int t = 0; t < 8; t++) {
      long from = t * 1_000L;
      threads.add(Thread.startVirtualThread(() -> fill(log, from, from + 100)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(reader.numbers()).hasSize(800).doesNotHaveDuplicates();
    assertThat(reader.complaints).isEmpty();
  }

  @Test
  void refusesBeforeItLeads() {
    assertThat(propose(newLog(), 1).join()).isEqualTo(Outcome.NOT_APPLIED);
  }

  @Test
  void refusesAfterClose() {
    var reader = new RecordingReader();
    ReplicatedLog log = openLeading(reader);
    fill(log, 0, 3);
    log.close();
    assertThat(propose(log, 3).join()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(barrier(log)).isFalse();
    checkpoint(log);
    assertThat(reader.events).containsExactly("started", "stopped");
  }

  @Test
  void closeEndsWhatIsOpen() {
    var reader = new RecordingReader();
    ReplicatedLog log = openLeading(reader);
    var proposals = LongStream.range(0, 500).mapToObj(n -> propose(log, n)).toList();
    log.close();
    int applied = reader.numbers().size();
    assertThat(proposals).allMatch(CompletableFuture::isDone);
    for (int n = 0; n < proposals.size(); n++) {
      Outcome outcome = proposals.get(n).join();
      if (outcome == Outcome.APPLIED) {
        assertThat(n).isLessThan(applied);
      } else if (outcome == Outcome.NOT_APPLIED) {
        assertThat(reader.numbers()).doesNotContain((long) n);
      }
    }
    assertThat(reader.complaints).isEmpty();
  }

  @Test
  void refusesAnEntryOverTheLimit() {
    ReplicatedLog log = openLeading(new RecordingReader());
    assertThatThrownBy(() -> log.propose(new byte[ReplicatedLog.ENTRY_BYTES_MAX + 1], o -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("over the limit of 33554432");
    fill(log, 0, 1);
  }

  @Test
  void takesEntriesOfAllSizes() {
    var reader = new RecordingReader();
    ReplicatedLog log = openLeading(reader);
    int[] sizes = {0, 1, 4_095, 300_000, ReplicatedLog.ENTRY_BYTES_MAX};
    for (int size : sizes) {
      byte[] entry = new byte[size];
      java.util.Arrays.fill(entry, (byte) size);
      var ended = new CompletableFuture<Outcome>();
      log.propose(entry, ended::complete);
      assertThat(ended.join()).isEqualTo(Outcome.APPLIED);
      assertThat(reader.applied.getLast().bytes()).isEqualTo(entry);
    }
  }

  @Test
  void readBarrierFollowsWhatWasAcknowledged() {
    var reader = new RecordingReader();
    ReplicatedLog log = openLeading(reader);
    for (int n = 0; n < 20; n++) {
      fill(log, n, n + 1);
      assertThat(barrier(log)).isTrue();
      assertThat(reader.numbers()).hasSize(n + 1);
    }
  }

  @Test
  void failedApplyStopsTheReplica() {
    assumeTrue(survivesFailedApply(), "an apply that fails ends this model's whole world");
    var reader = new RecordingReader();
    ReplicatedLog log = openLeading(reader);
    fill(log, 0, 5);
    reader.throwOnApply = new IllegalStateException("planted");
    var proposals = LongStream.range(5, 10).mapToObj(n -> propose(log, n)).toList();
    assertThat(proposals.getFirst().join()).isEqualTo(Outcome.UNKNOWN);
    await("the failure", () -> reader.failure != null);
    reader.throwOnApply = null;
    assertThat(propose(log, 10).join()).isEqualTo(Outcome.NOT_APPLIED);
    proposals.forEach(proposal -> assertThat(proposal.join()).isNotEqualTo(Outcome.APPLIED));
    assertThat(reader.failure).hasMessage("planted");
    assertThat(reader.numbers()).isEqualTo(range(0, 5));
    assertThat(reader.complaints).isEmpty();
  }

  @Test
  void aListenerMayProposeAndThrow() {
    var reader = new RecordingReader();
    ReplicatedLog log = openLeading(reader);
    var second = new CompletableFuture<Outcome>();
    log.propose(
        number(0),
        outcome -> {
          log.propose(number(1), second::complete);
          throw new IllegalStateException("planted");
        });
    assertThat(second.join()).isEqualTo(Outcome.APPLIED);
    assertThat(reader.numbers()).containsExactly(0L, 1L);
  }

  @Test
  void restartGoesOnWhereTheStoreIs() {
    var first = new RecordingReader();
    ReplicatedLog log = openLeading(first);
    fill(log, 0, 50);
    log.close();
    RecordingReader second = first.afterCrash(50);
    log = openLeading(second);
    assertThat(second.leaderTerm).isGreaterThan(first.leaderTerm);
    fill(log, 50, 60);
    assertThat(second.numbers()).isEqualTo(range(0, 60));
    assertThat(second.complaints).isEmpty();
  }

  @Test
  void restartAppliesAgainWhatTheStoreLost() {
    assumeTrue(keepsEntries(), "this log keeps no entries");
    var first = new RecordingReader();
    ReplicatedLog log = openLeading(first);
    fill(log, 0, 50);
    log.close();
    for (int kept : new int[] {0, 1, 17, 49}) {
      RecordingReader next = first.afterCrash(kept);
      log = openLeading(next);
      assertThat(next.numbers()).isEqualTo(range(0, 50));
      assertThat(next.applied).usingRecursiveComparison().isEqualTo(first.applied);
      assertThat(next.complaints).isEmpty();
      log.close();
    }
  }

  @Test
  void checkpointReplacesTheLogBelowIt() {
    assumeTrue(savesCheckpoints(), "a checkpoint of this log is no file, or there are none");
    var first = new RecordingReader();
    ReplicatedLog log = openLeading(first);
    for (int round = 0; round < 4; round++) {
      fill(log, round * 50, round * 50 + 40);
      checkpoint(log);
      fill(log, round * 50 + 40, round * 50 + 50);
    }
    assertThat(first.checkpointsSaved).isEqualTo(4);
    log.close();

    RecordingReader emptied = first.afterCrash(0);
    log = openLeading(emptied);
    assertThat(emptied.checkpointsLoaded).isEqualTo(1);
    assertThat(emptied.numbers()).isEqualTo(range(0, 200));
    log.close();

    RecordingReader ahead = first.afterCrash(195);
    log = openLeading(ahead);
    assertThat(ahead.checkpointsLoaded).isZero();
    fill(log, 200, 210);
    assertThat(ahead.numbers()).isEqualTo(range(0, 210));
    assertThat(ahead.complaints).isEmpty();
  }
}
