package dev.kindstead.transaction;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Where a node gets timestamps: from its own oracle, or from the node whose oracle hands them out
 * now. Futures end with UNAVAILABLE when none can be had, and then nothing was used.
 *
 * <p>Thread-safe; nothing blocks.
 */
interface Timestamps {
  /**
   * Timestamps in a row, above all that were handed out or read at before this was called. Whoever
   * can't use them lets them go: none is kept for later (design D6).
   *
   * @return the first
   */
  CompletableFuture<Long> next(int count);

  /** A time to read at. */
  CompletableFuture<ReadTime> read();

  /**
   * A replica has been elected to lead a shard: ends when it may, because every time to read at
   * that is handed out from now on names this term. A repetition does no harm.
   *
   * @param leader the node that has the replica
   */
  CompletableFuture<Void> announce(int shard, long term, String leader);

  /** The nodes that have announced themselves last, by the shards that they lead. */
  CompletableFuture<Map<Integer, String>> leaders();
}
