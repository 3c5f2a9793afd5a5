package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Holds all parts of a commit over several shards, one after the other in the order of the shards:
 * whoever waits, waits for a higher shard, so there is no circle.
 */
final class HoldAll {
  private final List<Shard> shards;
  private final Bytes transaction;
  private final List<CommitPart> parts;
  private final Duration waitLimit;
  private final List<Evaluated> held = new ArrayList<>();
  private final CompletableFuture<List<Evaluated>> result = new CompletableFuture<>();

  /**
   * @param parts in the order of their shards
   */
  HoldAll(List<Shard> shards, Bytes transaction, List<CommitPart> parts, Duration waitLimit) {
    this.shards = shards;
    this.transaction = transaction;
    this.parts = parts;
    this.waitLimit = waitLimit;
  }

  /** All parts, held; or why not, and none is. */
  CompletableFuture<List<Evaluated>> run() {
    holdNext();
    return result;
  }

  private void holdNext() {
    if (held.size() == parts.size()) {
      result.complete(List.copyOf(held));
      return;
    }
    CommitPart part = parts.get(held.size());
    shards
        .get(part.shard())
        .hold(transaction, part, waitLimit)
        .whenComplete((one, failure) -> {
          if (failure == null) {
            held.add(one);
            holdNext();
          } else {
            giveUp(failure);
          }
        });
  }

  /** The one that failed may be held all the same: its answer may be what was lost. */
  private void giveUp(Throwable failure) {
    for (int i = 0; i <= held.size(); i++) {
      shards.get(parts.get(i).shard()).release(transaction);
    }
    result.completeExceptionally(failure);
  }
}
