package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Key;
import dev.kindstead.placement.ShardMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * The room's public door: reads at one timestamp and atomic commits over all shards. Futures end
 * exceptionally with a {@link dev.kindstead.model.DatastoreException}.
 *
 * <p>Thread-safe; nothing here blocks the caller.
 */
public final class Transactions implements AutoCloseable {
  /**
   * Starts nothing.
   *
   * @param shards one for each shard of {@code map}, in its order
   * @param system the group that holds timestamp bound, id blocks and database settings
   * @param random seeds what must differ between runs; asked only here
   */
  public Transactions(
      ShardMap map,
      List<ShardWiring> shards,
      ShardWiring system,
      Clock clock,
      Timers timers,
      RandomGenerator random,
      TransactionSettings settings) {}

  /** Starts every group's log; ends when all of them lead and in-doubt transactions are known. */
  public CompletableFuture<Void> start() {
    throw new UnsupportedOperationException();
  }

  /** Closes the groups' logs; what has no outcome ends unknown. The stores are not closed. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  /** Why writes have stopped for good on this node, if they have; reads go on. */
  public Optional<Throwable> failure() {
    throw new UnsupportedOperationException();
  }

  public ConcurrencyMode concurrencyMode(DatabaseId database) {
    throw new UnsupportedOperationException();
  }

  /** Sets how a database's read-write transactions meet each other, from the next one on. */
  public CompletableFuture<Void> setConcurrencyMode(DatabaseId database, ConcurrencyMode mode) {
    throw new UnsupportedOperationException();
  }

  /** Removes every entity of every database: the development server's reset. */
  public CompletableFuture<Void> reset() {
    throw new UnsupportedOperationException();
  }

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
