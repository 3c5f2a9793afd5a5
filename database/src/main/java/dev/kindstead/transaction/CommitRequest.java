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
 */
public record CommitRequest(
    DatabaseId database,
    @Nullable TransactionId transaction,
    boolean transactional,
    List<Mutation> mutations) {
  public CommitRequest {
    mutations = List.copyOf(mutations);
  }
}
