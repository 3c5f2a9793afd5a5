package dev.kindstead.transaction;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import dev.kindstead.replication.Command.ReadRange;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.storage.Space;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A read of shards at one timestamp. Confined to one thread at a time. */
final class OpenRead implements ReadSession {
  private final List<? extends Passage> passages;
  private final @Nullable Snapshot[] snapshots;
  private final long readTime;
  private final @Nullable LiveTransaction noting;
  private @Nullable NewTransaction newTransaction;

  /**
   * A transaction that the read began.
   *
   * @param end forgets it, as nobody has heard of it
   */
  record NewTransaction(TransactionId id, Runnable end) {}

  /**
   * @param passages of the shards that are read
   * @param noting the read-write transaction that reads, null for none
   * @param newTransaction null when it began none
   */
  OpenRead(
      List<? extends Passage> passages,
      long readTime,
      @Nullable LiveTransaction noting,
      @Nullable NewTransaction newTransaction) {
    this.passages = passages;
    this.snapshots = new Snapshot[passages.size()];
    this.readTime = readTime;
    this.noting = noting;
    this.newTransaction = newTransaction;
  }

  @Override
  public long readTime() {
    return readTime;
  }

  @Override
  public @Nullable TransactionId takeNewTransaction() {
    NewTransaction taken = newTransaction;
    newTransaction = null;
    return taken == null ? null : taken.id();
  }

  @Override
  public Snapshot shard(int shard) {
    int place = place(shard);
    Snapshot snapshot = snapshots[place];
    if (snapshot == null) {
      snapshot = passages.get(place).snapshot(readTime);
      snapshots[place] = snapshot;
    }
    return snapshot;
  }

  /** There are few, and most often one. */
  private int place(int shard) {
    int place = 0;
    while (passages.get(place).shard() != shard) {
      place++;
    }
    return place;
  }

  /** See {@link Passage#isOutdated}. */
  boolean isOutdated(int shard, List<Bytes> keys) {
    return passages.get(place(shard)).isOutdated(keys, readTime);
  }

  @Override
  public boolean isNoting() {
    return noting != null;
  }

  @Override
  public void noteKey(int shard, byte[] entityKey, long version) {
    LiveTransaction transaction = noting;
    if (transaction != null) {
      transaction.reads().noteKey(shard, Bytes.of(entityKey), version);
      if (transaction.mode() == ConcurrencyMode.OPTIMISTIC_WITH_ENTITY_GROUPS) {
        noteEntityGroup(transaction, shard, entityKey);
      }
    }
  }

  private static void noteEntityGroup(LiveTransaction transaction, int shard, byte[] entityKey) {
    Key key = KeyEncoding.decodeEntityKey(entityKey);
    byte[] root = KeyEncoding.entityKey(new Key(key.partition(), List.of(key.root())));
    transaction
        .reads()
        .noteRange(shard, new ReadRange(Space.CURRENT, root, ByteOrder.afterPrefix(root)));
  }

  @Override
  public void noteRange(int shard, Space space, byte[] from, byte[] until) {
    if (noting != null) {
      noting.reads().noteRange(shard, new ReadRange(space, from, until));
    }
  }

  @Override
  public void close() {
    for (Snapshot snapshot : snapshots) {
      if (snapshot != null) {
        snapshot.close();
      }
    }
    if (newTransaction != null) {
      newTransaction.end().run();
    }
  }
}
