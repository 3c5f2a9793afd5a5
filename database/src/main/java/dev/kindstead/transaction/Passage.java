package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.storage.DistantSnapshot;
import dev.kindstead.storage.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Leave to read a shard at a time at or below which nothing commits any more on what is read, and
 * where to read it. Immutable.
 */
sealed interface Passage {
  int shard();

  /** Whoever has applied it reads at the time what the leader would. */
  long logIndex();

  /** The shard's state at the time. */
  Snapshot snapshot(long micros);

  /** Whether one of the entities that were asked for has a version later than the time. */
  boolean isOutdated(List<Bytes> keys, long micros);

  /** This node has a replica, which has applied the log index. */
  record Here(Participant replica, long logIndex) implements Passage {
    @Override
    public int shard() {
      return replica.shard();
    }

    @Override
    public Snapshot snapshot(long micros) {
      return replica.store().snapshot(micros);
    }

    @Override
    public boolean isOutdated(List<Bytes> keys, long micros) {
      return RowRequests.isOutdated(replica, keys, micros);
    }
  }

  /**
   * Another node is asked for rows.
   *
   * @param known rows that came with the leave, by their keys, perhaps of the first ones only; no
   *     bytes for an absent entity
   * @param isOutdated whether one of these has a later version
   */
  record Elsewhere(
      int shard, long logIndex, AskedRows rows, Map<Bytes, byte[]> known, boolean isOutdated)
      implements Passage {

    static Elsewhere of(int shard, long logIndex, AskedRows rows) {
      return new Elsewhere(shard, logIndex, rows, Map.of(), false);
    }

    static Elsewhere of(int shard, List<Bytes> keys, RowAnswers.Fetched fetched, AskedRows rows) {
      if (fetched.rows().size() > keys.size()) {
        throw TransactionErrors.notLed(); // an answer of another version
      }
      var known = new HashMap<Bytes, byte[]>();
      for (int i = 0; i < fetched.rows().size(); i++) {
        known.put(keys.get(i), fetched.rows().get(i));
      }
      return new Elsewhere(shard, fetched.logIndex(), rows, known, fetched.isOutdated());
    }

    @Override
    public Snapshot snapshot(long micros) {
      return new DistantSnapshot(micros, known, rows.at(micros, logIndex));
    }

    @Override
    public boolean isOutdated(List<Bytes> keys, long micros) {
      return isOutdated;
    }
  }
}
