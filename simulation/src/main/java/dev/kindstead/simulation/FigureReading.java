package dev.kindstead.simulation;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Key;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.Transactions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A lookup of {@link Figures}. Immutable. */
record FigureReading(ShardMap map, ReadMode mode, List<Key> keys)
    implements Door.Work<FigureReading.Answer> {

  /**
   * What was there.
   *
   * @param found by key, in the order asked for; without those that are not there
   * @param begun the transaction that the read began
   */
  record Answer(Map<Key, Figure> found, @Nullable TransactionId begun) {}

  /** A value, and the entity's version. */
  record Figure(long value, long version) {}

  @Override
  public CompletableFuture<Answer> at(Transactions node, Boot process) {
    return node.readKeys(Figures.DATABASE, mode, keys)
        .thenCompose(session -> process.reading(() -> read(session)));
  }

  private Answer read(ReadSession session) {
    try (session) {
      Map<Key, Figure> found = new LinkedHashMap<>();
      for (Key key : keys) {
        int shard = Lists.shardOf(map, key);
        byte[] entityKey = KeyEncoding.entityKey(key);
        EntityRow row = session.shard(shard).entity(entityKey);
        session.noteKey(shard, entityKey, row == null ? 0 : row.updateTime());
        if (row != null) {
          found.put(key, new Figure(Figures.value(row), row.updateTime()));
        }
      }
      return new Answer(found, session.takeNewTransaction());
    }
  }
}
