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

/** A read of the participants' stores at one timestamp. Confined to one thread at a time. */
final class OpenRead implements ReadSession {
  private final List<Participant> participants;
  private final @Nullable Snapshot[] snapshots;
  private final long readTime;
  private final @Nullable LiveTransaction noting;
  private final @Nullable TransactionId newTransaction;

  /**
   * @param noting the read-write transaction that reads, null for none
   */
  OpenRead(
      List<Participant> participants,
      long readTime,
      @Nullable LiveTransaction noting,
      @Nullable TransactionId newTransaction) {
    this.participants = participants;
    this.snapshots = new Snapshot[participants.size()];
    this.readTime = readTime;
    this.noting = noting;
    this.newTransaction = newTransaction;
  }

  @Override
  public long readTime() {
    return readTime;
  }

  @Override
  public @Nullable TransactionId newTransaction() {
    return newTransaction;
  }

  @Override
  public Snapshot shard(int shard) {
    Snapshot snapshot = snapshots[shard];
    if (snapshot == null) {
      snapshot = participants.get(shard).store().snapshot(readTime);
      snapshots[shard] = snapshot;
    }
    return snapshot;
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
  }
}
