package dev.kindstead.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.VersionedStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A shard's term that goes back would let a deposed leader answer; one for ever would end a shard.
 */
final class ShardTermForgottenTest {
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

  @Test
  void itOnlyRisesUntilItsMajorityIsGoneForGood() {
    apply(new Command.ShardTerm(0, 7), new Command.ShardTerm(1, 3));
    apply(new Command.ShardTerm(0, 5));
    assertThat(StoredState.shardTerms(store.store())).isEqualTo(Map.of(0, 7L, 1, 3L));
    apply(new Command.ShardTerm(0, 0));
    assertThat(StoredState.shardTerms(store.store())).isEqualTo(Map.of(1, 3L));
    apply(new Command.ShardTerm(0, 2));
    assertThat(StoredState.shardTerms(store.store())).isEqualTo(Map.of(0, 2L, 1, 3L));
  }
}
