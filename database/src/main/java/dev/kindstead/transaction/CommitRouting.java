package dev.kindstead.transaction;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.Slots;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.transaction.CommitPart.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sends each mutation to the shard of its entity group, and completes incomplete keys.
 *
 * <p>Thread-safe.
 *
 * <p><b>Invariant.</b> {@link #answerShard} depends on the request alone, so a repeated commit asks
 * the shard that holds its answer (rule 7). That is why new root entities are put there too: ids
 * are drawn until one hashes to it.
 */
final class CommitRouting {
  private final ShardMap map;
  private final IdAllocator ids;

  CommitRouting(ShardMap map, IdAllocator ids) {
    this.map = map;
    this.ids = ids;
  }

  static int slotOf(Key key) {
    return Slots.slotOf(KeyEncoding.entityGroupKey(key));
  }

  int shardOf(Key key) {
    return map.shardOf(slotOf(key));
  }

  int shardOf(int slot) {
    return map.shardOf(slot);
  }

  /**
   * The shard whose log holds the answer of a commit: the lowest that the request names.
   *
   * @param slot names the shard when every mutation makes a new entity group
   */
  int answerShard(List<Mutation> mutations, int slot) {
    int lowest = Integer.MAX_VALUE;
    for (Mutation mutation : mutations) {
      if (mutation.key().root().isComplete()) {
        lowest = Math.min(lowest, shardOf(mutation.key()));
      }
    }
    return lowest == Integer.MAX_VALUE ? map.shardOf(slot) : lowest;
  }

  /**
   * Draws ids for the keys that lack one.
   *
   * @param completed those that have got theirs already, in the order of the mutations; added to
   * @return false when ids ran out: to be called again, with the same list, when a block is there
   */
  boolean complete(List<Mutation> mutations, int slot, List<Key> completed) {
    int rootShard = -1;
    int incomplete = 0;
    for (Mutation mutation : mutations) {
      if (mutation.key().isComplete() || incomplete++ < completed.size()) {
        continue;
      }
      if (rootShard < 0) {
        rootShard = answerShard(mutations, slot);
      }
      Key key = complete(mutation.key(), rootShard);
      if (key == null) {
        return false;
      }
      completed.add(key);
    }
    return true;
  }

  /**
   * The writes by shard.
   *
   * @param completed the keys that {@link #complete} has drawn ids for
   */
  SortedMap<Integer, List<Write>> route(List<Mutation> mutations, List<Key> completed) {
    var writes = new TreeMap<Integer, List<Write>>();
    int drawn = 0;
    for (int i = 0; i < mutations.size(); i++) {
      Mutation mutation = mutations.get(i);
      boolean allocated = !mutation.key().isComplete();
      if (allocated) {
        mutation = withKey(mutation, completed.get(drawn++));
      }
      Key key = mutation.key();
      int ownSlot = slotOf(key);
      writes
          .computeIfAbsent(map.shardOf(ownSlot), _ -> new ArrayList<>(mutations.size()))
          .add(new Write(i, mutation, Bytes.of(KeyEncoding.entityKey(key)), ownSlot, allocated));
    }
    return writes;
  }

  private @Nullable Key complete(Key incomplete, int rootShard) {
    while (true) {
      long id = ids.tryNext();
      if (id == 0) {
        return null;
      }
      Key key = incomplete.withId(id);
      if (key.path().size() > 1 || shardOf(key) == rootShard) {
        return key;
      }
    }
  }

  private static Mutation withKey(Mutation mutation, Key key) {
    Entity entity = mutation.entity();
    return new Mutation(
        mutation.operation(),
        key,
        entity == null ? null : new Entity(key, entity.properties()),
        mutation.detection(),
        mutation.resolution(),
        mutation.mask(),
        mutation.transforms());
  }
}
