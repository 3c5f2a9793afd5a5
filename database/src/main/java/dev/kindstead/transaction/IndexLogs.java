package dev.kindstead.transaction;

import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.StoredState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Composite indexes as the groups' logs hold them: the system group's word on each index as a
 * whole, and on each shard what its commits maintain. Futures end exceptionally with a {@link
 * dev.kindstead.model.DatastoreException}; a repetition does no harm.
 *
 * <p>Thread-safe; nothing here blocks the caller.
 */
public final class IndexLogs {
  private final SystemGroup system;
  private final List<Participant> participants;
  private final List<Shard> shards;
  private final List<AskedRows> distant;
  private final NodeTimestamps timestamps;

  IndexLogs(
      SystemGroup system,
      List<Participant> participants,
      List<Shard> shards,
      List<AskedRows> distant,
      NodeTimestamps timestamps) {
    this.system = system;
    this.participants = participants;
    this.shards = shards;
    this.distant = distant;
    this.timestamps = timestamps;
  }

  /** All indexes of all databases, by number. */
  public List<IndexRecord> all() {
    return system.indexes();
  }

  /** Has {@code listener} run after each change of {@link #all}, on some thread, quickly. */
  public void onChange(Consumer<List<IndexRecord>> listener) {
    system.onIndexChange(listener);
  }

  public CompletableFuture<Void> put(IndexRecord index) {
    return system.putIndex(index);
  }

  public CompletableFuture<Void> drop(long id) {
    return system.dropIndex(id);
  }

  public int shards() {
    return participants.size();
  }

  /** A timestamp above all that were given before. */
  public CompletableFuture<Long> newTimestamp() {
    return timestamps.next(1);
  }

  /** What the shard knows, by number, as far as the replica that is asked has got. */
  public CompletableFuture<List<IndexRecord>> ofShard(int shard) {
    Participant participant = participants.get(shard);
    return participant.hasReplica()
        ? CompletableFuture.completedFuture(StoredState.indexes(participant.store().store()))
        : distant.get(shard).indexes();
  }

  /** From then on the shard's commits are evaluated with the index as this says. */
  public CompletableFuture<Void> putOnShard(int shard, IndexRecord index) {
    return shards.get(shard).index(new Command.PutIndex(index));
  }

  public CompletableFuture<Void> dropOnShard(int shard, long id) {
    return shards.get(shard).index(new Command.DropIndex(id));
  }

  /** Ends when every commit over several shards that was evaluated before is applied, or gone. */
  public CompletableFuture<Void> settle(int shard) {
    return shards.get(shard).settle();
  }

  /**
   * Enters entities of the shard, as they stand, into an index that is being built there.
   *
   * @param index with the progress that is reached then
   * @param entities their row keys; those that are gone are passed over
   * @return how many entries were missing; INVALID_ARGUMENT when an entity would have too many,
   *     RESOURCE_EXHAUSTED when nothing is entered since they have too many together
   */
  public CompletableFuture<Integer> enter(int shard, IndexRecord index, List<Bytes> entities) {
    return shards.get(shard).enter(index, entities);
  }

  /** Removes entries of an index that the shard does not maintain any more. */
  public CompletableFuture<Void> remove(int shard, List<Bytes> entries) {
    return shards.get(shard).removeEntries(entries);
  }
}
