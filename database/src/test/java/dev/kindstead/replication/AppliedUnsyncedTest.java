package dev.kindstead.replication;

import static dev.kindstead.replication.RecordingReader.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A majority of the others has synced an entry, this member's own disk has not: a power cut would
 * leave a store that is ahead of its log, with which the node does not start.
 */
@Timeout(60)
final class AppliedUnsyncedTest {
  private static final long LOOK_MILLIS = 5;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final RecordingReader reader = new RecordingReader();
  private final AtomicInteger late = new AtomicInteger();
  private final RaftSynced synced = new RaftSynced(late::incrementAndGet, LOOK_MILLIS);
  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();

  private Thread applying(Agreed agreed) {
    var options = RaftLogOptions.single("g", "n1", directory, Durability.SYNC);
    var machine = new RaftStateMachine(options, reader, done -> {}, synced);
    return Thread.ofPlatform().start(() -> machine.onApply(agreed));
  }

  @Test
  void waitsForItsOwnDisk() throws Exception {
    synced.reached(1);
    Thread applying = applying(new Agreed(1, 3));
    synced.reached(2);
    await("a slow disk is told of", () -> late.get() == 1);
    assertThat(reader.applied).isEmpty();
    assertThat(outcomes).isEmpty();

    synced.reached(3);
    applying.join();
    assertThat(reader.applied).hasSize(3);
    assertThat(outcomes).containsExactly(Outcome.APPLIED, Outcome.APPLIED, Outcome.APPLIED);
  }

  @Test
  void isNeverAppliedByALogThatHasFailed() throws Exception {
    Thread applying = applying(new Agreed(1, 2));
    synced.end();
    applying.join();
    assertThat(reader.applied).isEmpty();
    assertThat(reader.failure).isNotNull();
    assertThat(outcomes).containsExactly(Outcome.UNKNOWN, Outcome.UNKNOWN);
  }

  /** Nobody waits for ever for a disk that stands still. */
  @Test
  void endsWhereTheDiskStandsStill() throws Exception {
    Thread applying = applying(new Agreed(1, 1));
    applying.join();
    assertThat(late).hasValue(1);
    assertThat(reader.applied).isEmpty();
    assertThat(reader.failure).hasMessageContaining("stood still");
    assertThat(outcomes).containsExactly(Outcome.UNKNOWN);
  }

  /** Entries as JRaft brings them, each with a proposal of ours. */
  private final class Agreed implements Iterator {
    private final List<RaftProposal> proposals = new ArrayList<>();
    private final long last;
    private long at;

    Agreed(long first, long last) {
      this.at = first;
      this.last = last;
      for (long n = first; n <= last; n++) {
        proposals.add(new RaftProposal(outcomes::add, ConcurrentHashMap.newKeySet()));
      }
    }

    @Override
    public boolean hasNext() {
      return at <= last;
    }

    @Override
    public ByteBuffer next() {
      at++;
      return ByteBuffer.allocate(0);
    }

    @Override
    public ByteBuffer getData() {
      return ByteBuffer.allocate(8);
    }

    @Override
    public long getIndex() {
      return at;
    }

    @Override
    public long getTerm() {
      return 1;
    }

    @Override
    public @Nullable Closure done() {
      return proposals.get((int) (at - last) + proposals.size() - 1);
    }

    @Override
    public boolean commit() {
      return true;
    }

    @Override
    public void commitAndSnapshotSync(Closure done) {}

    @Override
    public void setErrorAndRollback(long entries, Status status) {}

    @Override
    public void setAutoCommitPerLog(boolean status) {}
  }
}
