package dev.kindstead.transaction;

import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Mutation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit, validated by the front door: keys filled in, no two mutations that exclude each other.
 *
 * @param transaction null for a non-transactional or single-use commit
 * @param transactional whether the mutations are atomic; a non-transactional commit is atomic only
 *     within a shard
 * @param deadlineNanos by the monotonic clock: a commit of no transaction that has not begun by
 *     then is not begun, since nobody can hear what became of it. One of a transaction may be
 *     repeated.
 */
public record CommitRequest(
    DatabaseId database,
    @Nullable TransactionId transaction,
    boolean transactional,
    List<Mutation> mutations,
    long deadlineNanos) {
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  public CommitRequest {
    mutations = List.copyOf(mutations);
  }

  /** One that is waited for however long it takes. */
  public CommitRequest(
      DatabaseId database,
      @Nullable TransactionId transaction,
      boolean transactional,
      List<Mutation> mutations) {
    this(database, transaction, transactional, mutations, NO_DEADLINE);
  }
}
