package dev.kindstead.transaction;

import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Key;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The room's public door: reads at one timestamp and atomic commits over all shards. Futures end
 * exceptionally with a {@link dev.kindstead.model.DatastoreException}.
 *
 * <p>Thread-safe; nothing here blocks the caller.
 */
public final class Transactions {
  /** Begins a transaction. */
  public CompletableFuture<TransactionId> begin(DatabaseId database, TransactionOptions options) {
    throw new UnsupportedOperationException();
  }

  /**
   * Opens a read of keys: the shards are those of the keys. In a pessimistic transaction the keys
   * are locked first.
   */
  public CompletableFuture<ReadSession> readKeys(
      DatabaseId database, ReadMode mode, List<Key> keys) {
    throw new UnsupportedOperationException();
  }

  /** Opens a read of some shards (a query: all, or the one of its ancestor). */
  public CompletableFuture<ReadSession> readShards(
      DatabaseId database, ReadMode mode, int[] shards) {
    throw new UnsupportedOperationException();
  }

  /** Commits; the same transaction's commit repeated gets the first answer. */
  public CompletableFuture<CommitResult> commit(CommitRequest request) {
    throw new UnsupportedOperationException();
  }

  /** Forgets a transaction; of one that is over or unknown, quietly nothing. */
  public CompletableFuture<Void> rollback(TransactionId transaction) {
    throw new UnsupportedOperationException();
  }

  /** Ids never handed out before, one for each incomplete key, as complete keys in order. */
  public CompletableFuture<List<Key>> allocateIds(List<Key> incomplete) {
    throw new UnsupportedOperationException();
  }

  /** Keeps these keys' ids from ever being handed out. */
  public CompletableFuture<Void> reserveIds(List<Key> complete) {
    throw new UnsupportedOperationException();
  }
}
