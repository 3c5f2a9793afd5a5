package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.Mutation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one shard has to do for a commit. Immutable.
 *
 * @param id names the transaction in the log, null when nothing has to be remembered
 * @param owner the open transaction that commits, null for a commit on its own
 * @param fingerprint of the request, kept with its answer
 * @param age when the commit or its transaction began, microseconds
 * @param writes in the request's order
 * @param writtenKeys of the writes, each once
 * @param reads what the transaction read on this shard
 * @param deadlineNanos by this node's monotonic clock: later it is not begun. No other node is
 *     told.
 */
record CommitPart(
    int shard,
    @Nullable Bytes id,
    @Nullable LockOwner owner,
    long fingerprint,
    long age,
    List<Write> writes,
    Set<Bytes> writtenKeys,
    ReadPart reads,
    long deadlineNanos) {

  /**
   * One mutation.
   *
   * @param ordinal its place in the request
   * @param mutation its key is complete
   * @param key the entity's row key
   * @param allocated whether the server chose the key's id
   */
  record Write(int ordinal, Mutation mutation, Bytes key, int slot, boolean allocated) {}

  /**
   * The same, with a name under which its answer is kept. It may be done in part already, so it has
   * no deadline.
   */
  CommitPart named(Bytes name) {
    return new CommitPart(
        shard,
        name,
        owner,
        fingerprint,
        age,
        writes,
        writtenKeys,
        reads,
        CommitRequest.NO_DEADLINE);
  }

  static CommitPart of(
      int shard,
      @Nullable Bytes id,
      @Nullable LockOwner owner,
      long fingerprint,
      long age,
      List<Write> writes,
      ReadPart reads) {
    long deadline = CommitRequest.NO_DEADLINE;
    return of(shard, id, owner, fingerprint, age, writes, reads, deadline);
  }

  static CommitPart of(
      int shard,
      @Nullable Bytes id,
      @Nullable LockOwner owner,
      long fingerprint,
      long age,
      List<Write> writes,
      ReadPart reads,
      long deadlineNanos) {
    return new CommitPart(
        shard, id, owner, fingerprint, age, writes, keysOf(writes), reads, deadlineNanos);
  }

  private static Set<Bytes> keysOf(List<Write> writes) {
    if (writes.size() == 1) {
      return Set.of(writes.getFirst().key());
    }
    var keys = new LinkedHashSet<Bytes>();
    writes.forEach(write -> keys.add(write.key()));
    return keys;
  }
}
