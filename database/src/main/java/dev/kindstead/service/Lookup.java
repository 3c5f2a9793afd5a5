package dev.kindstead.service;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.Slots;
import dev.kindstead.environment.Clock;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Key;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.Transactions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads entities by key: on the caller's thread, without a hand-over, as long as memory has the
 * rows; otherwise all of them on the pool. Thread-safe.
 */
public final class Lookup {
  /** Bytes of entities after which keys are deferred; gRPC clients receive at most 4 MiB. */
  static final int ANSWER_BYTES = 3_500_000;

  /** More keys than this are read on the pool, so that they do not hold up an event loop. */
  static final int KEYS_ON_CALLER_MAX = 100;

  private final Transactions transactions;
  private final ShardMap map;
  private final ReadingThreads threads;

  /**
   * @param executor a bounded pool: rows that memory lacks are waited for there
   */
  public Lookup(Transactions transactions, ShardMap map, Executor executor, Clock clock) {
    this.transactions = transactions;
    this.map = map;
    threads = new ReadingThreads(executor, clock);
  }

  public CompletableFuture<Response> run(Request request) {
    List<Key> keys = request.keys();
    List<Key> distinct = keys.size() == 1 ? keys : List.copyOf(new LinkedHashSet<>(keys));
    CompletableFuture<ReadSession> opening =
        transactions.readKeys(request.database(), request.mode(), distinct);
    // Opened later, it comes on a thread that must not wait, nor work for others.
    boolean onCaller = opening.isDone() && distinct.size() <= KEYS_ON_CALLER_MAX;
    return opening.thenCompose(session -> read(session, distinct, request, onCaller));
  }

  private CompletableFuture<Response> read(
      ReadSession session, List<Key> keys, Request request, boolean onCaller) {
    List<PropertyPath> mask = request.mask();
    if (onCaller) {
      Response response = readFromMemory(session, keys, mask);
      if (response != null) {
        session.close();
        return CompletableFuture.completedFuture(response);
      }
    }
    return threads.read(
        session, request.deadlineNanos(), opened -> answer(opened, keys, mask, Snapshot::entity));
  }

  /** Null when a row is not in memory. */
  private @Nullable Response readFromMemory(
      ReadSession session, List<Key> keys, @Nullable List<PropertyPath> mask) {
    try {
      return answer(session, keys, mask, Lookup::fromMemory);
    } catch (NotInMemory needsDisk) {
      return null;
    } catch (RuntimeException failure) {
      session.close();
      throw failure;
    }
  }

  private static @Nullable EntityRow fromMemory(Snapshot shard, byte[] entityKey) {
    return shard.entityFromMemory(entityKey, NotInMemory::leave);
  }

  private Response answer(
      ReadSession session, List<Key> keys, @Nullable List<PropertyPath> mask, RowReading rows) {
    List<Found> found = new ArrayList<>(keys.size());
    List<Key> missing = new ArrayList<>();
    long bytes = 0;
    int next = 0;
    for (; next < keys.size(); next++) {
      Key key = keys.get(next);
      byte[] entityKey = KeyEncoding.entityKey(key);
      int shard = map.shardOf(Slots.slotOf(KeyEncoding.entityGroupKey(key)));
      EntityRow row = rows.read(session.shard(shard), entityKey);
      if (row != null) {
        EntityRow answered = mask == null ? row : masked(row, mask);
        bytes += answered.entity().length;
        if (bytes > ANSWER_BYTES && !found.isEmpty()) {
          break;
        }
        found.add(new Found(key, answered));
      } else {
        missing.add(key);
      }
      session.noteKey(shard, entityKey, row == null ? 0 : row.updateTime());
    }
    List<Key> deferred = List.copyOf(keys.subList(next, keys.size()));
    return new Response(found, missing, deferred, session.takeNewTransaction(), session.readTime());
  }

  /** How a row is got. */
  private interface RowReading {
    @Nullable EntityRow read(Snapshot shard, byte[] entityKey);
  }

  /** Leaves the caller's thread before it would wait. */
  private static final class NotInMemory extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final NotInMemory LEAVE = new NotInMemory();

    private NotInMemory() {
      super("a row is not in memory", null, false, false);
    }

    static void leave() {
      throw LEAVE;
    }
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
   * @param deadlineNanos by the monotonic clock: what would wait for the disk later is not begun
   */
  public record Request(
      DatabaseId database,
      ReadMode mode,
      List<Key> keys,
      @Nullable List<PropertyPath> mask,
      long deadlineNanos) {}

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
