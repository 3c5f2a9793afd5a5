package dev.kindstead.simulation;

import dev.kindstead.encoding.EntityEncoding;
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
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster holds when all is quiet, and whether its indexes agree with its entities.
 *
 * @param complete whether it could be read
 * @param time microseconds, of which it is
 * @param lists every list, by name
 * @param others all other entities
 * @param disagreements between entities and index entries, one line each
 */
record FinalState(
    boolean complete,
    long time,
    Map<String, List<Integer>> lists,
    List<Entity> others,
    List<String> disagreements) {
  private static final byte[] FIRST = {};
  private static final Duration READING_MAX = Duration.ofSeconds(10);

  static FinalState read(World world) {
    var reading = new Reading(world);
    boolean complete = world.await(READING_MAX, reading::isOver);
    FinalState state = complete ? reading.state : empty(false, 0);
    if (!complete) {
      state.disagreements.add("the final read did not succeed: " + reading.lastFailure);
    }
    world.sweeper().swept().forEach(state::addSwept);
    return state;
  }

  private static FinalState empty(boolean complete, long time) {
    return new FinalState(complete, time, new TreeMap<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** Reads all of it again and again: who serves may change for a while after the last fault. */
  private static final class Reading {
    private final World world;
    private FinalState state = empty(false, 0);
    private @Nullable CompletableFuture<FinalState> last;
    private @Nullable Throwable lastFailure;

    Reading(World world) {
      this.world = world;
    }

    boolean isOver() {
      CompletableFuture<FinalState> attempt = last;
      if (attempt != null && !attempt.isDone()) {
        return false;
      }
      if (attempt != null && !attempt.isCompletedExceptionally()) {
        state = attempt.join();
        return true;
      }
      lastFailure = attempt == null ? null : attempt.exceptionNow();
      SimulatedNode serving = world.cluster().serving();
      Transactions node = serving == null ? null : serving.transactions();
      if (node != null) {
        Boot process = world.processThatServes();
        List<IndexDefinition> indexes = world.indexes();
        last =
            node.readShards(Lists.DATABASE, new ReadMode.Strong(), world.allShards())
                .thenCompose(session -> process.reading(() -> readAll(world, session, indexes)));
      }
      return false;
    }
  }

  private static FinalState readAll(
      World world, ReadSession session, List<IndexDefinition> indexes) {
    try (session) {
      FinalState state = empty(true, session.readTime());
      for (int shard : world.allShards()) {
        state.readShard(shard, session.shard(shard), indexes);
      }
      return state;
    }
  }

  /** A list that was deleted had this state last, and is not to come back. */
  void addSwept(String object, List<Integer> last) {
    List<Integer> here = lists.put(object, last);
    if (here != null) {
      disagreements.add("deleted list " + object + " is there again: " + here);
    }
  }

  /**
   * @param indexes that have all their entries
   */
  private void readShard(int shard, Snapshot snapshot, List<IndexDefinition> indexes) {
    var agreement = new IndexAgreement(indexes);
    try (var scan = snapshot.entities(FIRST, FIRST, false)) {
      for (; scan.isValid(); scan.next()) {
        Entity entity = EntityEncoding.decode(scan.row().entity());
        if (Lists.isOne(entity)) {
          lists.put(Lists.object(entity), Lists.elements(entity));
        } else {
          others.add(entity);
        }
        agreement.addEntity(entity);
      }
    }
    try (var scan = snapshot.indexEntries(FIRST, FIRST, false)) {
      for (; scan.isValid(); scan.next()) {
        agreement.addEntry(Bytes.of(scan.key()));
      }
    }
    agreement.disagreements().forEach(each -> disagreements.add("shard " + shard + " " + each));
  }
}
