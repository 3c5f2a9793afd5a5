package dev.kindstead.service;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.Slots;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Key;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.Transactions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads entities by key. Runs on whichever thread the session comes on: for rows in memory, the
 * caller's. Thread-safe.
 */
public final class Lookup {
  /** Bytes of entities after which keys are deferred; gRPC clients receive at most 4 MiB. */
  static final int ANSWER_BYTES = 3_500_000;

  private final Transactions transactions;
  private final ShardMap map;

  public Lookup(Transactions transactions, ShardMap map) {
    this.transactions = transactions;
    this.map = map;
  }

  public CompletableFuture<Response> run(Request request) {
    List<Key> keys = request.keys();
    List<Key> distinct = keys.size() == 1 ? keys : List.copyOf(new LinkedHashSet<>(keys));
    return transactions
        .readKeys(request.database(), request.mode(), distinct)
        .thenApply(session -> read(session, distinct, request.mask()));
  }

  private Response read(ReadSession session, List<Key> keys, @Nullable List<PropertyPath> mask) {
    try (session) {
      List<Found> found = new ArrayList<>(keys.size());
      List<Key> missing = new ArrayList<>();
      long bytes = 0;
      int next = 0;
      for (; next < keys.size(); next++) {
        Key key = keys.get(next);
        EntityRow row = row(session, key);
        if (row == null) {
          missing.add(key);
          continue;
        }
        EntityRow answered = mask == null ? row : masked(row, mask);
        bytes += answered.entity().length;
        if (bytes > ANSWER_BYTES && !found.isEmpty()) {
          break;
        }
        found.add(new Found(key, answered));
      }
      return new Response(
          found,
          missing,
          keys.subList(next, keys.size()),
          session.newTransaction(),
          session.readTime());
    }
  }

  private @Nullable EntityRow row(ReadSession session, Key key) {
    byte[] entityKey = KeyEncoding.entityKey(key);
    int shard = map.shardOf(Slots.slotOf(KeyEncoding.entityGroupKey(key)));
    EntityRow row = session.shard(shard).entity(entityKey);
    session.noteKey(shard, entityKey, row == null ? 0 : row.updateTime());
    return row;
  }

  private static EntityRow masked(EntityRow row, List<PropertyPath> mask) {
    return new EntityRow(
        EntityEncoding.project(row.entity(), mask), row.slot(), row.createTime(), row.updateTime());
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
