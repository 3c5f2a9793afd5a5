package dev.kindstead.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Bytes;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.VersionedStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 6: an entry of another term, or after a gap, is skipped by every replica alike. */
final class EntryAppliedOutOfTurnTest {
  private final MemoryStore store = new MemoryStore();
  private Replica replica = replica();

  private Replica replica() {
    return new Replica(
        new VersionedStore(store),
        new ReplicaListener() {
          @Override
          public void leaderStarted(long term, List<Command.Prepare> prepared) {}

          @Override
          public void leaderStopped(long term) {}

          @Override
          public void termBegan(long term) {}

          @Override
          public void failed(Throwable cause) {}
        });
  }

  private boolean applies(long logIndex, long engineTerm, long term, long sequence) {
    var id = Bytes.of(new byte[] {(byte) logIndex});
    var entry = new Entry(term, sequence, List.of(new Command.AbortRecord(id)));
    replica.apply(List.of(new LogEntry(logIndex, engineTerm, EntryEncoding.encode(entry))));
    assertThat(replica.appliedLogIndex()).isGreaterThanOrEqualTo(logIndex);
    return StoredState.outcome(store, id) != null;
  }

  @Test
  void onlyTheNextOfItsTermIsApplied() {
    assertThat(applies(1, 1, 1, 1)).isTrue();
    assertThat(applies(2, 1, 1, 3)).isFalse();
    assertThat(applies(3, 1, 1, 2)).isTrue();
    assertThat(applies(4, 2, 1, 3)).isFalse();
    assertThat(applies(5, 2, 2, 2)).isFalse();
    assertThat(applies(6, 2, 2, 1)).isTrue();
    assertThat(replica.isApplied(1, 2)).isTrue();
    assertThat(replica.isApplied(1, 3)).isFalse();
  }

  @Test
  void aReplicaGoesOnWhereItsStoreIs() {
    assertThat(applies(1, 1, 1, 1)).isTrue();
    replica = replica();
    assertThat(replica.appliedLogIndex()).isEqualTo(1);
    assertThat(applies(2, 1, 1, 1)).isFalse();
    assertThat(applies(3, 1, 1, 2)).isTrue();
  }

  @Test
  void anEntryReplayedIsNotAppliedTwice() {
    assertThat(applies(5, 1, 1, 1)).isTrue();
    applies(5, 1, 1, 2);
    assertThat(replica.isApplied(1, 2)).isFalse();
  }
}
