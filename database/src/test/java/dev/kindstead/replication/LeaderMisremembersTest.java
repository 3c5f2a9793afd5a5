package dev.kindstead.replication;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.replication.Command.ApplyCommit;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.VersionedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a leader says of the state before a change is taken for it by every replica; tests run with
 * assertions on, which look whether it was true.
 */
final class LeaderMisremembersTest {
  private static final byte[] KEY = {1};
  private static final byte[] ENTRY = {2};

  private final Member leader = new Member();
  private final Member follower = new Member();
  private int logIndex;

  private static final class Member implements ReplicaListener {
    final MemoryStore store = new MemoryStore();
    final VersionedStore versioned = new VersionedStore(store);
    final Replica replica = new Replica(versioned, this);

    @Override
    public void leaderStarted(long term, List<Prepare> intents) {}

    @Override
    public void leaderStopped(long term) {}

    @Override
    public void termBegan(long term) {}

    @Override
    public void failed(Throwable cause) {}
  }

  private byte[] commit(Change... changes) {
    logIndex++;
    var commit = new ApplyCommit(10 * logIndex, null, new byte[0], List.of(changes));
    var entry = new Entry(1, logIndex, List.of(commit));
    byte[] bytes = EntryEncoding.encode(entry);
    leader.replica.expect(bytes, entry);
    leader.replica.apply(List.of(new LogEntry(logIndex, 1, bytes)));
    follower.replica.apply(List.of(new LogEntry(logIndex, 1, bytes.clone())));
    assertThat(StoredRows.of(follower.store)).isEqualTo(StoredRows.of(leader.store));
    return bytes;
  }

  private static Change put(int value, @Nullable EntityRow before) {
    var row = new EntityRow(new byte[] {(byte) value}, 7, 0, 0);
    return new Change.PutEntity(KEY, row, before, before == null);
  }

  private static byte[] superseded(Member member) {
    return requireNonNull(member.versioned.snapshot(15).entity(KEY)).entity();
  }

  @Test
  void whatItSaysReplacesReading() {
    commit(put(1, null), new Change.PutIndexEntry(ENTRY, 7, false));
    byte[] entry = leader.versioned.indexEntry(ENTRY);
    commit(put(2, leader.versioned.current(KEY)), new Change.DeleteIndexEntry(ENTRY, entry));
    assertThat(follower.versioned.current(KEY)).isNotNull();
    assertThat(follower.versioned.hasIndexEntry(ENTRY)).isFalse();
    assertThat(superseded(follower)).containsExactly(1);
  }

  /** It has not applied what the leader's word is about, but has the state that came of it. */
  @Test
  void itIsTrueOfAStateThatWasLoaded(@TempDir Path directory) throws IOException {
    commit(put(1, null), new Change.PutIndexEntry(ENTRY, 7, false));
    var late = new Member();
    leader.replica.saveCheckpoint(directory);
    late.replica.loadCheckpoint(directory);
    byte[] entry = leader.versioned.indexEntry(ENTRY);
    EntityRow before = leader.versioned.current(KEY);
    byte[] bytes = commit(put(2, before), new Change.DeleteIndexEntry(ENTRY, entry));
    late.replica.apply(List.of(new LogEntry(logIndex, 1, bytes.clone())));
    assertThat(StoredRows.of(late.store)).isEqualTo(StoredRows.of(leader.store));
    assertThat(superseded(late)).containsExactly(1);
  }

  @Test
  void proposalsThatCameToNothingSayNothingOfLaterOnes() {
    for (int term = 1; term <= 100; term++) {
      var commit = new ApplyCommit(20, null, new byte[0], List.of(put(2, null)));
      var lost = new Entry(term, 1, List.of(commit));
      leader.replica.expect(EntryEncoding.encode(lost), lost);
    }
    commit(put(1, null));
    commit(put(2, leader.versioned.current(KEY)));
    assertThat(superseded(follower)).containsExactly(1);
  }

  /** In another term the same bytes are skipped, and what they say counts for nothing. */
  @Test
  void whatIsSkippedIsNotBelieved() {
    commit(put(1, null));
    var another = new EntityRow(new byte[] {9}, 7, 10, 10);
    var commit = new ApplyCommit(20, null, new byte[0], List.of(put(2, another)));
    var entry = new Entry(1, 2, List.of(commit));
    byte[] bytes = EntryEncoding.encode(entry);
    leader.replica.expect(bytes, entry);
    leader.replica.apply(List.of(new LogEntry(2, 2, bytes)));
    assertThat(requireNonNull(leader.versioned.current(KEY)).entity()).containsExactly(1);
  }

  @Test
  void anEntityThatIsNotNewIsNoticed() {
    commit(put(1, null));
    assertThatThrownBy(() -> commit(put(2, null))).isInstanceOf(AssertionError.class);
  }

  @Test
  void anotherRowIsNoticed() {
    commit(put(1, null));
    var another = new EntityRow(new byte[] {9}, 7, 10, 10);
    assertThatThrownBy(() -> commit(put(2, another))).isInstanceOf(AssertionError.class);
  }

  @Test
  void anotherIndexEntryIsNoticed() {
    commit(new Change.PutIndexEntry(ENTRY, 7, false));
    byte[] another = requireNonNull(leader.versioned.indexEntry(ENTRY)).clone();
    another[another.length - 1]++;
    var removal = new Change.DeleteIndexEntry(ENTRY, another);
    assertThatThrownBy(() -> commit(removal)).isInstanceOf(AssertionError.class);
  }

  /** The same bytes in another array may be another leader's. */
  @Test
  void onlyTheVeryBytesThatWereProposedAreRemembered() {
    commit(put(1, null));
    var another = new EntityRow(new byte[] {9}, 7, 10, 10);
    var commit = new ApplyCommit(20, null, new byte[0], List.of(put(2, another)));
    var entry = new Entry(1, 2, List.of(commit));
    leader.replica.expect(EntryEncoding.encode(entry), entry);
    leader.replica.apply(List.of(new LogEntry(2, 1, EntryEncoding.encode(entry))));
    assertThat(superseded(leader)).containsExactly(1);
  }
}
