package dev.kindstead.service;

import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Key;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.Transactions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads entities by key. */
public final class Lookup {
  private final Transactions transactions;
  private final ShardMap map;

  public Lookup(Transactions transactions, ShardMap map) {
    this.transactions = transactions;
    this.map = map;
  }

  public CompletableFuture<Response> run(Request request) {
    throw new UnsupportedOperationException(transactions.toString() + map);
  }

  /**
   * What to read.
   *
   * @param keys complete; duplicates allowed, answered once
   * @param mask null for whole entities
   */
  public record Request(
      DatabaseId database, ReadMode mode, List<Key> keys, @Nullable List<PropertyPath> mask) {}

  /**
   * What was read; together the three lists name each distinct key once.
   *
   * @param deferred keys not read because the answer would be too large: ask again
   * @param readTime microseconds
   */
  public record Response(
      List<Found> found,
      List<Key> missing,
      List<Key> deferred,
      @Nullable TransactionId newTransaction,
      long readTime) {}

  /** An entity, its bytes already masked. */
  public record Found(Key key, EntityRow row) {}
}
