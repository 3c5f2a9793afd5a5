package dev.kindstead.transaction;

import dev.kindstead.model.MutationResult;
import java.util.List;

/**
 * An acknowledged commit.
 *
 * @param results one for each mutation, in its order
 * @param indexUpdates how many index entries were added or removed
 * @param commitTime microseconds
 */
public record CommitResult(List<MutationResult> results, int indexUpdates, long commitTime) {
  public CommitResult {
    results = List.copyOf(results);
  }
}
