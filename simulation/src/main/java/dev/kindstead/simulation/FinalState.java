package dev.kindstead.simulation;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.CompositeIndexes;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster holds when all is quiet, and whether its indexes agree with its entities.
 *
 * @param lists every list, by name
 * @param complete whether it could be read
 * @param disagreements between entities and index entries, one line each
 */
record FinalState(Map<String, List<Integer>> lists, boolean complete, List<String> disagreements) {
  private static final byte[] FIRST = {};
  private static final Duration READING_MAX = Duration.ofSeconds(10);

  static FinalState read(World world) {
    var opened = new AtomicReference<@Nullable CompletableFuture<ReadSession>>();
    boolean read = world.await(READING_MAX, () -> isOpened(world, opened));
    var state = new FinalState(new TreeMap<>(), read, new ArrayList<>());
    if (!read) {
      state.disagreements.add("the final read did not succeed: " + opened.get());
      return state;
    }
    ReadSession session = Objects.requireNonNull(opened.get()).join();
    List<IndexDefinition> indexes = world.indexes();
    CompletableFuture<Void> whole =
        world
            .processThatServes()
            .reading(() -> {
              try (session) {
                for (int shard : world.allShards()) {
                  state.readShard(shard, session.shard(shard), indexes);
                }
              }
              return null;
            });
    if (!world.await(READING_MAX, whole::isDone) || whole.isCompletedExceptionally()) {
      state.disagreements.add("the final read did not end: " + whole);
    }
    world.sweeper().swept().forEach(state::addSwept);
    return state;
  }

  /** Opens it again and again: who serves may change for a while after the last fault. */
  private static boolean isOpened(
      World world, AtomicReference<@Nullable CompletableFuture<ReadSession>> opened) {
    CompletableFuture<ReadSession> last = opened.get();
    if (last != null && !last.isDone()) {
      return false;
    }
    if (last != null && !last.isCompletedExceptionally()) {
      return true;
    }
    SimulatedNode serving = world.cluster().serving();
    Transactions node = serving == null ? null : serving.transactions();
    if (node != null) {
      opened.set(node.readShards(Lists.DATABASE, new ReadMode.Strong(), world.allShards()));
    }
    return false;
  }

  /** A list that was deleted had this state last, and is not to come back. */
  private void addSwept(String object, List<Integer> last) {
    List<Integer> here = lists.put(object, last);
    if (here != null) {
      disagreements.add("deleted list " + object + " is there again: " + here);
    }
  }

  /**
   * @param indexes that have all their entries
   */
  private void readShard(int shard, Snapshot snapshot, List<IndexDefinition> indexes) {
    Set<Bytes> expected = new TreeSet<>();
    try (var scan = snapshot.entities(FIRST, FIRST, false)) {
      for (; scan.isValid(); scan.next()) {
        Entity entity = EntityEncoding.decode(scan.row().entity());
        if (Lists.isOne(entity)) {
          lists.put(Lists.object(entity), Lists.elements(entity));
        }
        BuiltInIndexes.entriesOf(entity).forEach(entry -> expected.add(entry.key()));
        List<IndexDefinition> ofKind =
            indexes.stream().filter(index -> index.kind().equals(Lists.kind(entity))).toList();
        CompositeIndexes.entriesOf(entity, ofKind).forEach(entry -> expected.add(entry.key()));
      }
    }
    Set<Bytes> found = new TreeSet<>();
    try (var scan = snapshot.indexEntries(FIRST, FIRST, false)) {
      for (; scan.isValid(); scan.next()) {
        found.add(Bytes.of(scan.key()));
      }
    }
    for (Bytes entry : expected) {
      if (!found.contains(entry)) {
        disagreements.add("shard " + shard + " misses index entry " + entry);
      }
    }
    for (Bytes entry : found) {
      if (!expected.contains(entry)) {
        disagreements.add("shard " + shard + " has an index entry of nothing: " + entry);
      }
    }
  }
}
