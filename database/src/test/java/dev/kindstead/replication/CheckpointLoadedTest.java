package dev.kindstead.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.Invariant;
import dev.kindstead.replication.Command.ApplyCommit;
import dev.kindstead.replication.Command.DropOutcomes;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Command.Resolve;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.VersionedStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica whose state was replaced goes on as if it had applied every entry itself. */
final class CheckpointLoadedTest {
  private static final Bytes RESOLVED = Bytes.of(new byte[] {1});
  private static final Bytes OPEN = Bytes.of(new byte[] {2});

  @TempDir private Path directory;
  private final Member leader = new Member();
  private final Member follower = new Member();

  /** A replica and what its listener was told. */
  private static final class Member implements ReplicaListener {
    final MemoryStore store = new MemoryStore();
    final VersionedStore versioned = new VersionedStore(store);
    Replica replica = new Replica(versioned, this);
    final List<Bytes> prepared = new ArrayList<>();

    void apply(long logIndex, long term, long sequence, Command command) {
      byte[] bytes = EntryEncoding.encode(new Entry(term, sequence, List.of(command)));
      replica.apply(List.of(new LogEntry(logIndex, term, bytes)));
    }

    @Override
    public void leaderStarted(long term, List<Prepare> intents) {
      prepared.clear();
      intents.forEach(intent -> prepared.add(intent.transaction()));
    }

    @Override
    public void leaderStopped(long term) {}

    @Override
    public void termBegan(long term) {}

    @Override
    public void failed(Throwable cause) {}
  }

  private static Prepare prepare(Bytes transaction, int key) {
    return new Prepare(transaction, 0, 10, List.of(put(key)), List.of(), List.of());
  }

  private static Change put(int key) {
    return new Change.PutEntity(
        new byte[] {(byte) key}, new EntityRow(new byte[] {(byte) key}, key, 0, 0));
  }

  private static Command commit(long timestamp, int key) {
    return new ApplyCommit(timestamp, null, new byte[0], List.of(put(key)));
  }

  private void lead() {
    leader.apply(1, 1, 1, prepare(RESOLVED, 1));
    follower.apply(1, 1, 1, prepare(RESOLVED, 1));
    leader.apply(2, 1, 2, prepare(OPEN, 2));
    leader.apply(3, 1, 3, commit(11, 3));
    leader.apply(4, 3, 1, new Resolve(RESOLVED, 12));
    leader.apply(6, 3, 2, commit(13, 3));
  }

  private void load() throws Exception {
    Path checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
    assertThat(leader.replica.saveCheckpoint(checkpoint)).isEqualTo(6);
    follower.replica.loadCheckpoint(checkpoint);
  }

  @Test
  void itHasTheStateAndItsPlace() throws Exception {
    lead();
    load();
    assertThat(follower.replica.appliedLogIndex()).isEqualTo(6);
    assertThat(StoredRows.of(follower.store)).isEqualTo(StoredRows.of(leader.store));
    for (Member member : List.of(leader, follower)) {
      member.apply(6, 3, 2, commit(13, 3));
      member.apply(7, 3, 3, commit(14, 1));
    }
    assertThat(StoredRows.of(follower.store)).isEqualTo(StoredRows.of(leader.store));
    assertThat(follower.versioned.lastApplied()).isEqualTo(14);
  }

  @Test
  void itKnowsTheIntentsOfThatStateAndNoOthers() throws Exception {
    lead();
    load();
    follower.replica.leaderStarted(4);
    assertThat(follower.prepared).containsExactly(OPEN);
    for (Member member : List.of(leader, follower)) {
      member.apply(7, 4, 1, new Resolve(RESOLVED, 15));
      member.apply(8, 4, 2, new Resolve(OPEN, 16));
    }
    assertThat(StoredRows.of(follower.store)).isEqualTo(StoredRows.of(leader.store));
    follower.replica.leaderStarted(5);
    assertThat(follower.prepared).isEmpty();
  }

  /** It may have proposed them itself, and lost its lead before it heard. */
  @Test
  void itKnowsWhatBecameOfEveryTermsEntries() throws Exception {
    lead();
    assertThat(follower.replica.isApplied(1, 3)).isFalse();
    load();
    for (int i = 0; i < 2; i++) {
      assertThat(follower.replica.isApplied(1, 3)).isTrue();
      assertThat(follower.replica.isApplied(1, 4)).isFalse();
      assertThat(follower.replica.isApplied(2, 1)).isFalse();
      assertThat(follower.replica.isApplied(3, 2)).isTrue();
      assertThat(follower.replica.isApplied(3, 3)).isFalse();
      assertThat(follower.replica.isApplied(4, 1)).isFalse();
      follower.replica = new Replica(new VersionedStore(follower.store), follower);
    }
  }

  @Test
  void itKnowsWhichOutcomesWereDropped() throws Exception {
    lead();
    Bytes until = Bytes.of(new byte[] {7});
    Bytes before = Bytes.of(new byte[] {6, 1});
    leader.apply(7, 3, 3, new DropOutcomes(until));
    leader.apply(8, 3, 4, new DropOutcomes(before));
    leader.replica.saveCheckpoint(Files.createDirectory(directory.resolve("checkpoint")));
    follower.replica.loadCheckpoint(directory.resolve("checkpoint"));
    for (int i = 0; i < 2; i++) {
      assertThat(follower.replica.hasDropped(before)).isTrue();
      assertThat(follower.replica.hasDropped(until)).isFalse();
      follower.replica = new Replica(new VersionedStore(follower.store), follower);
    }
  }

  @Test
  void whatIsForgottenIsNotGuessed() throws Exception {
    int terms = LastSequences.TERMS_REMEMBERED + 50;
    follower.apply(1, 1, 1, commit(1, 1));
    for (int term = 1; term <= terms; term++) {
      leader.apply(term, term, 1, commit(term, 1));
    }
    Path checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
    leader.replica.saveCheckpoint(checkpoint);
    follower.replica.loadCheckpoint(checkpoint);
    for (Member member : List.of(leader, follower)) {
      member.apply(terms + 1, terms + 1, 1, commit(terms + 1, 1));
      long oldest = terms + 2 - LastSequences.TERMS_REMEMBERED;
      assertThat(member.replica.isApplied(oldest, 1)).isTrue();
      assertThat(member.replica.isApplied(oldest, 2)).isFalse();
      assertThatThrownBy(() -> member.replica.isApplied(oldest - 1, 1))
          .isInstanceOf(Invariant.Broken.class);
    }
    assertThat(StoredRows.of(follower.store)).isEqualTo(StoredRows.of(leader.store));
    assertThat(StoredState.lastSequences(leader.store)).hasSize(LastSequences.TERMS_REMEMBERED - 1);
  }
}
