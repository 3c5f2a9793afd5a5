package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Key;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.StoredState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The room's public door: reads at one timestamp and atomic commits over all shards. Futures end
 * exceptionally with a {@link dev.kindstead.model.DatastoreException}.
 *
 * <p>Thread-safe; nothing here blocks the caller.
 */
public final class Transactions implements AutoCloseable {
  /** Between attempts at what must be done in the end. */
  private static final Duration REPEATING_PAUSE = Duration.ofMillis(200);

  /** The same where clients wait for it. */
  private static final Duration ANNOUNCING_PAUSE = Duration.ofMillis(20);

  private final List<Participant> participants = new ArrayList<>();
  private final List<Shard> shards = new ArrayList<>();
  private final List<AskedRows> distant = new ArrayList<>();
  private final SystemGroup system;
  private final NodeTimestamps timestamps;
  private final IdAllocator idAllocator;
  private final OpenTransactions open;
  private final Guests guests;
  private final Resolution resolution;
  private final Tenure tenure;
  private final Reads reads;
  private final Commits commits;
  private final KeyAllocation keyAllocation;
  private final GarbageCollection garbageCollection;
  private final TransactionSettings settings;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicLong resets = new AtomicLong();
  private final AtomicLong unknownMarks = new AtomicLong();
  private final Clock clock;
  private final Timers timers;
  private volatile @Nullable ReplicaReads replicaReads;
  private volatile boolean closed;

  /**
   * Starts nothing.
   *
   * @param wirings one for each shard of {@code map}, in its order
   * @param system the group that holds timestamp bound, id blocks and database settings
   * @param reading whose threads may wait for the disk, and for nothing else
   * @param random seeds what must differ between runs; asked only here
   */
  public Transactions(
      ShardMap map,
      List<ShardWiring> wirings,
      ShardWiring system,
      Clock clock,
      Timers timers,
      Executor reading,
      RandomGenerator random,
      OtherNodes others,
      TransactionSettings settings) {
    this.settings = settings;
    this.clock = clock;
    this.timers = timers;
    Network network = others.network();
    this.system = new SystemGroup(system, this::stopped);
    var clocks = new VoterClocks(system.log(), network, clock, timers);
    var oracle = new TimestampOracle(clock, clocks::wallMicros);
    var own = new OwnTimestamps(oracle, this.system, timers);
    timestamps =
        new NodeTimestamps(
            oracle::isRunning,
            own,
            new AskedTimestamps(
                () -> this.system.log().leader().or(others.servingByWord()), network),
            clock);
    var ages = new TimestampAges(clock, timestamps, settings.longestKept());
    network.serve(Network.Service.TIMESTAMPS, AskedTimestamps.answering(own, clock));
    // Whatever is wrong with one replica of this node, the others go on.
    var repeating = new Repeating(timers, REPEATING_PAUSE, () -> closed);
    var announcing = new Repeating(timers, ANNOUNCING_PAUSE, () -> closed);
    resolution = new Resolution(map, shards, repeating);
    var ids = new TransactionIds(settings.transactionKey(), settings.nodeId(), random.nextLong());
    open = new OpenTransactions(ids, participants, shards, oracle, clock, timers, settings);
    guests = new Guests(ids, participants, network, clock, timers);
    var evaluation = new Evaluation(clock);
    var leaders =
        new ShardLeaders(shard -> participants.get(shard).leader(), timestamps::leaders, clock);
    var ownShards = new ArrayList<Shard>();
    for (int shard = 0; shard < wirings.size(); shard++) {
      var participant = participant(shard, wirings.get(shard), announcing, clock, timers);
      participants.add(participant);
      var led = new OwnShard(participant, evaluation, guests, timers, clock);
      var asked = new AskedShard(shard, leaders, network, clock, timers);
      ownShards.add(led);
      shards.add(new NodeShard(participant, leaders, led, asked, ids, repeating, clock));
      distant.add(new AskedRows(shard, leaders, network, others.waiting()));
    }
    network.serve(Network.Service.ROWS, new RowRequests(participants, reading, timers, clock));
    network.serve(
        Network.Service.SHARDS, new ShardRequests(ownShards, guests, this::woundedElsewhere));
    idAllocator = new IdAllocator(this.system, own);
    tenure = new Tenure(this.system, oracle, clocks, own, idAllocator, open, participants, timers);
    var routing = new CommitRouting(map, idAllocator);
    reads =
        new Reads(
            participants,
            shards,
            distant,
            routing,
            open,
            timestamps,
            ages,
            this.system,
            clock,
            settings);
    commits =
        new Commits(
            map,
            shards,
            routing,
            idAllocator,
            ids,
            open,
            timestamps,
            resolution,
            tenure::isServing,
            clock,
            timers,
            settings);
    keyAllocation = new KeyAllocation(reads, routing, idAllocator);
    garbageCollection =
        new GarbageCollection(
            participants, shards, open, tenure::isServing, timestamps, ages, timers, settings);
  }

  private Participant participant(
      int shard, ShardWiring wiring, Repeating announcing, Clock clock, Timers timers) {
    return new Participant(
        shard,
        wiring,
        timestamps,
        announcing,
        clock,
        timers,
        (transaction, slot) -> resolution.recover(shard, transaction, slot, isOurs(shard)),
        decision -> resolution.tell(shard, decision, isOurs(shard)),
        this::wound,
        this::stopped,
        settings.commitsWithin());
  }

  /** Whether what happens to a shard's transactions is this node's to see to. */
  private BooleanSupplier isOurs(int shard) {
    return () -> participants.get(shard).isOurs();
  }

  private void wound(LockOwner younger) {
    if (younger instanceof LiveTransaction live) {
      open.end(live, TransactionEnd.ABORTED);
    } else {
      guests.wound(younger);
    }
  }

  private void woundedElsewhere(TransactionId id) {
    LiveTransaction live = open.find(id);
    if (live != null) {
      open.end(live, TransactionEnd.ABORTED);
    }
  }

  private void stopped(Throwable cause) {
    failure.compareAndSet(null, cause);
  }

  /**
   * Starts every group's log; ends when this node has led all of them and in-doubt transactions are
   * known: at once where it is alone, in a cluster perhaps never.
   */
  public CompletableFuture<Void> start() {
    var started = new ArrayList<CompletableFuture<Void>>();
    started.add(system.start(tenure));
    participants.forEach(participant -> started.add(participant.start()));
    garbageCollection.start();
    return CompletableFuture.allOf(started.toArray(CompletableFuture<?>[]::new))
        .thenCompose(_ -> tenure.first());
  }

  /**
   * Whether this node is the home of transactions. While it is not, what belongs to a transaction
   * fails with UNAVAILABLE and certainly has not been done; strong reads and other commits need no
   * home, and are served by any node with replicas.
   */
  public boolean isServing() {
    return tenure.isServing();
  }

  /** To be called before other nodes get a vote for the first time. */
  public void expectOthers() {
    participants.forEach(Participant::expectOthers);
    tenure.expectOthers();
  }

  /**
   * Has another node serve, where there is one: before a planned stop. It takes a moment, or
   * doesn't come about, which {@link #servedBy} tells.
   */
  public void handOver() {
    tenure.handOver();
  }

  /** Nodes that were removed from the cluster, as far as this one knows. */
  public Set<String> removedNodes() {
    return StoredState.removedNodes(system.store());
  }

  /** Has a node never take part again; ends when that is written down. */
  public CompletableFuture<Void> removeNode(String nodeId) {
    return system.propose(new Command.RemoveNode(nodeId));
  }

  /** The nodes of the cluster but those that were removed, as far as this one knows. */
  public Map<String, Command.PutNode> nodes() {
    return system.nodes();
  }

  /** Writes down that a node is there, or away; ends when that is done. */
  public CompletableFuture<Void> putNode(Command.PutNode node) {
    return system.propose(node);
  }

  /** The node that serves, or is about to, as far as this one knows. */
  public Optional<String> servedBy() {
    return system.log().leader();
  }

  /** Closes the groups' logs; what has no outcome ends unknown. The stores are not closed. */
  @Override
  public void close() {
    closed = true;
    garbageCollection.stop();
    guests.close();
    participants.forEach(Participant::close);
    system.close();
  }

  /** Why writes have stopped for good on this node, if they have; reads go on. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** How many keys are latched or locked by commits and transactions in progress. */
  public int held() {
    return participants.stream().mapToInt(Participant::heldKeys).sum();
  }

  /** How many transactions are open that have their home here. */
  int openTransactions() {
    return open.size();
  }

  /** How many ids that clients have reserved are in memory. */
  int rememberedIds() {
    return idAllocator.remembered();
  }

  /** How many reads wait for this node's replicas to get further. */
  int waiting() {
    return participants.stream().mapToInt(Participant::waiting).sum();
  }

  /** The composite indexes. */
  public IndexLogs indexes() {
    return new IndexLogs(system, participants, shards, distant, timestamps);
  }

  public ConcurrencyMode concurrencyMode(DatabaseId database) {
    return system.mode(database, settings.defaultMode());
  }

  /** Sets how a database's read-write transactions meet each other, from the next one on. */
  public CompletableFuture<Void> setConcurrencyMode(DatabaseId database, ConcurrencyMode mode) {
    return system.setMode(database, mode);
  }

  /** Removes every entity of every database: the development server's reset. */
  public CompletableFuture<Void> reset() {
    open.endAll(TransactionEnd.EXPIRED);
    resets.incrementAndGet();
    return CompletableFuture.allOf(
            shards.stream()
                .map(shard -> shard.put(new Command.Reset()))
                .toArray(CompletableFuture<?>[]::new))
        .whenComplete((_, _) -> resets.incrementAndGet());
  }

  /** For {@link #readReplicas} of another node: to be asked of the node that serves. */
  public CompletableFuture<byte[]> closedTimestamp() {
    return guarded(() -> reads.close().thenApply(ClosedTimestamp::encode));
  }

  /**
   * How many of this node's replicas lack something that was committed when this was first called;
   * fails when nobody can tell.
   *
   * @param votes whether this node has a replica of the system group, too
   */
  public CompletableFuture<Integer> behind(boolean votes) {
    ReplicaReads replicas = replicaReads;
    return replicas == null ? CompletableFuture.completedFuture(0) : replicas.behind(votes);
  }

  /**
   * Keeps {@link #readableUntil} some seconds behind now, as far as this node's replicas are: to be
   * called every second, for once no node serves it is too late to ask.
   */
  public void keepReadable() {
    ReplicaReads replicas = replicaReads;
    if (replicas != null) {
      replicas.keepUp();
    }
  }

  /**
   * Up to which timestamp this node answers reads of the past though no node serves; empty where it
   * has heard of none.
   */
  public Optional<Long> readableUntil() {
    ReplicaReads replicas = replicaReads;
    return replicas == null ? Optional.empty() : replicas.readableUntil();
  }

  /**
   * Has this node's replicas serve reads that may be old, while another node serves, and other
   * nodes hear which shards it leads: to be called where there may be others.
   *
   * @param asking asks that node for its {@link #closedTimestamp}
   */
  public void readReplicas(Supplier<CompletableFuture<byte[]>> asking) {
    new TakenReplicas(participants, distant, timers, () -> closed).start();
    replicaReads =
        new ReplicaReads(
            participants,
            distant,
            system,
            () -> tenure.isServing() ? closedTimestamp() : asking.get(),
            clock,
            settings.retention());
    participants.forEach(Participant::joinCompany);
  }

  /** Begins a transaction. */
  public CompletableFuture<TransactionId> begin(DatabaseId database, TransactionOptions options) {
    return guarded(() -> reads.begin(database, options).thenApply(LiveTransaction::id));
  }

  /**
   * Opens a read of keys: the shards are those of the keys. In a pessimistic transaction the keys
   * are locked first.
   */
  public CompletableFuture<ReadSession> readKeys(
      DatabaseId database, ReadMode mode, List<Key> keys) {
    return reading(mode, () -> reads.ofKeys(database, mode, keys));
  }

  /** Opens a read of some shards (a query: all, or the one of its ancestor). */
  public CompletableFuture<ReadSession> readShards(
      DatabaseId database, ReadMode mode, int[] shards) {
    return isAnywhere(mode)
        ? reading(mode, () -> reads.ofShardsAnywhere(shards))
        : reading(mode, () -> reads.ofShards(database, mode, shards));
  }

  /** Opens a strong read of one shard, whatever the database. */
  public CompletableFuture<ReadSession> readShard(int shard) {
    return guarded(() -> reads.ofShard(shard));
  }

  /**
   * A mark that is another one after each change of the shard's entities or index entries; a new
   * one each time where this node has no replica to tell.
   */
  public ShardMark mark(int shard) {
    Participant participant = participants.get(shard);
    return participant.hasReplica()
        ? new ShardMark(participant.store().lastApplied(), resets.get())
        : new ShardMark(-1, unknownMarks.incrementAndGet());
  }

  /** Commits; the same transaction's commit repeated gets the first answer. */
  public CompletableFuture<CommitResult> commit(CommitRequest request) {
    if (request.transaction() != null || replicaReads == null) {
      return guarded(() -> commits.commit(request));
    }
    try {
      return commits.commit(request);
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /** Forgets a transaction; of one that is over or unknown, quietly nothing. */
  public CompletableFuture<Void> rollback(TransactionId transaction) {
    LiveTransaction live = open.find(transaction);
    if (live != null) {
      open.end(live, TransactionEnd.CLOSED);
    } else if (open.isOfLaterHome(transaction)) {
      return CompletableFuture.failedFuture(TransactionErrors.notLed());
    }
    return CompletableFuture.completedFuture(null);
  }

  /** Ids never handed out before, one for each incomplete key, as complete keys in order. */
  public CompletableFuture<List<Key>> allocateIds(List<Key> incomplete) {
    return guarded(() -> keyAllocation.allocate(incomplete));
  }

  /** Keeps these keys' ids from ever being handed out. */
  public CompletableFuture<Void> reserveIds(List<Key> complete) {
    return guarded(() -> keyAllocation.reserve(complete));
  }

  private CompletableFuture<ReadSession> reading(
      ReadMode mode, Supplier<CompletableFuture<ReadSession>> operation) {
    ReplicaReads replicas = replicaReads;
    if (replicas == null || tenure.isServing()) {
      return guarded(operation);
    }
    try {
      return isAnywhere(mode) ? operation.get() : replicas.open(mode);
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /** Whether a read needs no home, and this node is none. */
  private boolean isAnywhere(ReadMode mode) {
    return mode instanceof ReadMode.Strong && replicaReads != null && !tenure.isServing();
  }

  /** Every failure comes through the future. */
  private <T> CompletableFuture<T> guarded(Supplier<CompletableFuture<T>> operation) {
    try {
      if (!tenure.isServing()) {
        throw TransactionErrors.notLed();
      }
      return operation.get();
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }
}
