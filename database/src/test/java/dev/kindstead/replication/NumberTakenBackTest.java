package dev.kindstead.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.VersionedStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Numbers that must never go back, in whatever order they come out of the log. */
final class NumberTakenBackTest {
  private final VersionedStore store = new VersionedStore(new MemoryStore());
  private final Replica replica =
      new Replica(
          store,
          new ReplicaListener() {
            @Override
            public void leaderStarted(long term, List<Command.Prepare> prepared) {}

            @Override
            public void leaderStopped(long term) {}

            @Override
            public void termBegan(long term) {}

            @Override
            public void failed(Throwable cause) {
              throw new AssertionError(cause);
            }
          });
  private int applied;

  private void apply(Command... commands) {
    var entry = new Entry(1, ++applied, List.of(commands));
    replica.apply(List.of(new LogEntry(applied, 1, EntryEncoding.encode(entry))));
  }

  /** A bound below one that was used has the next oracle hand out timestamps for a second time. */
  @Test
  void aBoundThatIsProposedAgainComesLate() {
    apply(new Command.TimestampBound(5));
    apply(new Command.TimestampBound(9), new Command.TimestampBound(7));
    apply(new Command.TimestampBound(5));
    assertThat(StoredState.timestampBound(store.store())).isEqualTo(9);
    apply(new Command.TimestampBound(12));
    assertThat(StoredState.timestampBound(store.store())).isEqualTo(12);
  }

  @Test
  void aBlockOfIdsThatIsProposedAgainComesLate() {
    apply(new Command.IdBlock(200), new Command.IdBlock(100));
    apply(new Command.IdBlock(100));
    assertThat(StoredState.idBlock(store.store())).isEqualTo(200);
  }

  /** A term that goes back would let a deposed leader answer; one for ever would end a shard. */
  @Test
  void aShardsTermOnlyRisesUntilItsMajorityIsGoneForGood() {
    apply(new Command.ShardTerm(0, 7, "n7"), new Command.ShardTerm(1, 3, "n3"));
    apply(new Command.ShardTerm(0, 5, "n5"));
    assertThat(StoredState.shardTerms(store.store())).isEqualTo(Map.of(0, 7L, 1, 3L));
    apply(new Command.ShardTerm(0, 0, "n0"));
    assertThat(StoredState.shardTerms(store.store())).isEqualTo(Map.of(1, 3L));
    apply(new Command.ShardTerm(0, 2, "n2"));
    assertThat(StoredState.shardTerms(store.store())).isEqualTo(Map.of(0, 2L, 1, 3L));
  }

  /** The store has nothing yet of what stands before it in the entry. */
  @Test
  void anEarlierTermInOneEntryWithALaterOneComesLate() {
    apply(new Command.ShardTerm(0, 5, "b"), new Command.ShardTerm(0, 4, "a"));
    assertThat(StoredState.shardTerms(store.store())).isEqualTo(Map.of(0, 5L));
    apply(new Command.ShardTerm(0, 0, ""), new Command.ShardTerm(0, 3, "c"));
    assertThat(StoredState.shardTerms(store.store())).isEqualTo(Map.of(0, 3L));
  }
}
