package dev.kindstead.transaction;

import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Replica;
import dev.kindstead.replication.ReplicaListener;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.StoredState;
import dev.kindstead.storage.OrderedStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The group whose log holds what the whole cluster shares: the oracle's bound, id blocks, the
 * databases' settings, and what composite indexes there are.
 *
 * <p>Thread-safe; its log is led from the group's executor.
 */
final class SystemGroup implements ReplicaListener {
  /** With settings of their own, which stay for good. */
  static final int DATABASES_MAX = 1_000;

  /**
   * @param isSeen whether a repetition is told that it was done before, so that a client must not
   *     believe undone what nobody knows of
   */
  private record Waiting(Command command, boolean isSeen, CompletableFuture<Void> applied) {
    DatastoreException failure(Outcome outcome) {
      return isSeen && outcome == Outcome.UNKNOWN
          ? TransactionErrors.unknownChange()
          : TransactionErrors.unanswered();
    }
  }

  private final ShardWiring wiring;
  private final Consumer<Throwable> failure;
  private @Nullable Leading leading;
  private final Replica replica;
  private final Proposals proposals;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Map<DatabaseId, ConcurrencyMode> modes = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Long, IndexRecord> indexes = new ConcurrentSkipListMap<>();
  private final List<Consumer<List<IndexRecord>>> indexListeners = new ArrayList<>();
  private final CompletableFuture<Void> started = new CompletableFuture<>();

  /** What {@link #nodes} gave last. */
  private volatile Nodes known = new Nodes(-1, Map.of());

  /**
   * The nodes of the cluster.
   *
   * @param logIndex as of which
   */
  private record Nodes(long logIndex, Map<String, Command.PutNode> byId) {}

  /** The indexes are known as they stood at this log index, or later. */
  private volatile long indexesAt;

  /** Told, on the group's executor, when this node begins and ceases to lead the group. */
  interface Leading {
    void began();

    void ended();

    /** The log of a node that is alone takes nothing any more: it only reads on. */
    void failed();
  }

  SystemGroup(ShardWiring wiring, Consumer<Throwable> failure) {
    this.wiring = wiring;
    this.failure = failure;
    replica = new Replica(wiring.store(), this);
    proposals = new Proposals(wiring.log(), wiring.executor(), replica, this::pump);
  }

  /** Ends when this replica leads and all it holds is known. */
  CompletableFuture<Void> start(Leading told) {
    leading = told;
    wiring.log().start(replica);
    return started;
  }

  Executor executor() {
    return wiring.executor();
  }

  void close() {
    wiring.log().close();
  }

  ReplicatedLog log() {
    return wiring.log();
  }

  OrderedStore store() {
    return wiring.store().store();
  }

  /** Ends when the command is applied; UNAVAILABLE when it is not, or nobody knows. */
  CompletableFuture<Void> propose(Command command) {
    return propose(command, false);
  }

  /** The same, but INTERNAL when nobody knows. */
  private CompletableFuture<Void> change(Command command) {
    return propose(command, true);
  }

  private CompletableFuture<Void> propose(Command command, boolean isSeen) {
    var applied = new CompletableFuture<Void>();
    wiring
        .executor()
        .execute(() -> {
          if (!proposals.isLeading()) {
            applied.completeExceptionally(TransactionErrors.notLed());
            return;
          }
          waiting.add(new Waiting(command, isSeen, applied));
          pump();
        });
    return applied;
  }

  private void pump() {
    while (!waiting.isEmpty() && proposals.canPropose()) {
      var all = List.copyOf(waiting);
      waiting.clear();
      proposals.propose(
          all.stream().map(Waiting::command).toList(), outcome -> concluded(all, outcome));
    }
  }

  private static void concluded(List<Waiting> all, Outcome outcome) {
    for (Waiting one : all) {
      if (outcome == Outcome.APPLIED) {
        one.applied().complete(null);
      } else {
        one.applied().completeExceptionally(one.failure(outcome));
      }
    }
  }

  ConcurrencyMode mode(DatabaseId database, ConcurrencyMode otherwise) {
    return modes.getOrDefault(database, otherwise);
  }

  /** FAILED_PRECONDITION for one database more than may have settings of their own. */
  CompletableFuture<Void> setMode(DatabaseId database, ConcurrencyMode mode) {
    if (!modes.containsKey(database) && modes.size() >= DATABASES_MAX) {
      return CompletableFuture.failedFuture(
          DatastoreException.failedPrecondition(
              "%d databases have settings of their own, which is the most"
                  .formatted(DATABASES_MAX)));
    }
    return change(new Command.DatabaseSettings(database, mode))
        .thenRun(() -> modes.put(database, mode));
  }

  /** By number. */
  List<IndexRecord> indexes() {
    return List.copyOf(indexes.values());
  }

  void onIndexChange(Consumer<List<IndexRecord>> listener) {
    changeIndexes(() -> indexListeners.add(listener));
  }

  CompletableFuture<Void> putIndex(IndexRecord index) {
    return change(new Command.PutIndex(index)).thenRun(this::load);
  }

  CompletableFuture<Void> dropIndex(long id) {
    return change(new Command.DropIndex(id)).thenRun(this::load);
  }

  /** The nodes of the cluster but those that were removed, by their ids. */
  Map<String, Command.PutNode> nodes() {
    long at = replica.appliedLogIndex();
    Nodes last = known;
    if (last.logIndex() != at) {
      var all = new TreeMap<>(StoredState.nodes(store()));
      all.keySet().removeAll(StoredState.removedNodes(store()));
      last = new Nodes(at, all);
      known = last;
    }
    return last.byId();
  }

  /**
   * Takes over what the log holds, which may be more than a change of this node's: another node may
   * have led.
   */
  void load() {
    long at = replica.appliedLogIndex();
    Map<DatabaseId, ConcurrencyMode> stored = StoredState.databaseModes(store());
    modes.keySet().retainAll(stored.keySet());
    modes.putAll(stored);
    changeIndexes(() -> {
      List<IndexRecord> all = StoredState.indexes(store());
      indexes.keySet().retainAll(all.stream().map(IndexRecord::id).toList());
      all.forEach(index -> indexes.put(index.id(), index));
    });
    indexesAt = at;
  }

  /** Takes over the indexes that the log holds, on a node that does not serve but reads. */
  void follow() {
    long at = replica.appliedLogIndex();
    if (!StoredState.indexes(store()).equals(indexes())) {
      load();
    }
    indexesAt = at;
  }

  /**
   * Whether this node knows the indexes as they stood at a log index; if not, it takes over what
   * its replica has by now.
   */
  boolean follows(long logIndex) {
    if (indexesAt < logIndex && replica.appliedLogIndex() >= logIndex) {
      follow();
    }
    return indexesAt >= logIndex;
  }

  /** The log index of the last change of an index, or a later one. */
  long indexesAt() {
    return indexesAt;
  }

  /** The last log entry that is applied to {@link #store}. */
  long appliedLogIndex() {
    return replica.appliedLogIndex();
  }

  /** Tells those who wait for this node to serve, too. */
  void tellIndexes() {
    changeIndexes(() -> {});
  }

  /**
   * Changes and tells as one: told out of turn, a listener would go on with an index that is being
   * emptied.
   */
  private void changeIndexes(Runnable change) {
    synchronized (indexListeners) {
      change.run();
      indexListeners.forEach(listener -> listener.accept(indexes()));
    }
  }

  @Override
  public void leaderStarted(long term, List<Prepare> prepared) {
    executeOrStop(() -> {
      proposals.settleBefore(term);
      proposals.leaderStarted(term);
      tell(Leading::began);
      started.complete(null);
    });
  }

  /**
   * Runs on the group's executor what belongs to beginning to lead. Where it fails, as when the
   * store can't be read, another replica is to lead, and this one no more: it would lead without
   * serving.
   */
  void executeOrStop(Runnable leads) {
    wiring
        .executor()
        .execute(() -> {
          try {
            leads.run();
          } catch (RuntimeException | Error failed) {
            failed(failed);
            wiring.log().fail(failed);
          }
        });
  }

  @Override
  public void leaderStopped(long term) {
    wiring
        .executor()
        .execute(() -> {
          proposals.leaderStopped(term);
          waiting.forEach(one -> one.applied().completeExceptionally(TransactionErrors.notLed()));
          waiting.clear();
          if (!wiring.log().isAlone()) {
            tell(Leading::ended);
          }
        });
  }

  private void tell(Consumer<Leading> news) {
    Leading told = leading;
    if (told != null) {
      news.accept(told);
    }
  }

  @Override
  public void termBegan(long term) {
    wiring.executor().execute(() -> proposals.settleBefore(term));
  }

  @Override
  public void failed(Throwable cause) {
    failure.accept(cause);
    started.completeExceptionally(cause);
    leaderStopped(Long.MAX_VALUE);
    wiring
        .executor()
        .execute(() -> {
          if (wiring.log().isAlone()) {
            tell(Leading::failed);
          }
        });
  }
}
