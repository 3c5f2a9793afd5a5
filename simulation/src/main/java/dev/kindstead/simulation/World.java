package dev.kindstead.simulation;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.simulation.History.Ending;
import dev.kindstead.simulation.library.Book;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One run: a cluster, its clients and what befalls them, all drawn from a seed. First a time with
 * faults, then everything heals and the clients must come to an end; then the history is judged.
 *
 * <p>Confined to the thread that calls {@link #run}.
 */
public final class World {
  /** Once nothing befalls it any more and what was abandoned is over, all clients get on. */
  private static final Duration PROGRESS_MAX = Duration.ofSeconds(10);

  /** More of it for each client that writes: they take turns on few lists, and not evenly. */
  private static final Duration PROGRESS_MAX_EACH = Duration.ofSeconds(2);

  private static final Duration ENDING_MAX = Duration.ofSeconds(30);
  private static final Duration FOUNDING_MAX = Duration.ofMinutes(1);
  private static final Duration EVEN_MAX = Duration.ofSeconds(10);
  private static final Duration PLACED_MAX = Duration.ofSeconds(40);
  private static final Duration STEP = Duration.ofMillis(100);

  private final WorldOptions options;
  private final RandomGenerator random;
  private final Scheduler scheduler;
  private final Checkpoints checkpoints = new Checkpoints();
  private final Cluster cluster;
  private final Weather weather;
  private final Faults faults;
  private final Door door;
  private final Refusals refusals;
  private final List<ListClient> clients = new ArrayList<>();
  private final IdClients ids;
  private final PastClient past;

  /** Null for a run without books. */
  private final @Nullable BookClients books;

  /** Null for a run without a bank, registers and a set. */
  private final @Nullable FigureClients figures;

  private final History history = new History();
  private final Snapshots snapshots = new Snapshots();
  private final CommitTimes commitTimes = new CommitTimes();
  private final ReplicaAgreement agreement;
  private final List<String> reports = new ArrayList<>();
  private final Map<String, Integer> befallen = new TreeMap<>();
  private final Map<String, Integer> probes = new TreeMap<>();
  private final Writes writes = new Writes();
  private @Nullable Consumer<String> chronicle;
  private Consumer<World> beforeTheLastRead = _ -> {};
  private final Sweeper sweeper;
  private List<String> objects;
  private final ShardMap shardMap;
  private long healedNanos = Long.MAX_VALUE;
  private int transactionIds;
  private int elements;

  public World(long seed) {
    this(Lives.DRAWN.draw(seed));
  }

  public World(WorldOptions options) {
    this.options = options;
    this.random = new SplittableRandom(~options.seed());
    this.scheduler = new Scheduler(fork());
    this.shardMap = new ShardMap(options.setting().shards());
    this.objects = named("list");
    this.cluster = new Cluster(this, options, checkpoints, fork());
    this.weather = new Weather(scheduler, beside(1), options.life().pace(), this::hit);
    this.faults = new Faults(cluster, scheduler, weather, fork());
    this.door = new Door(scheduler, fork(), options.setting().nasty());
    this.refusals = new Refusals(this, options.life().retention());
    this.agreement = new ReplicaAgreement(cluster);
    for (int i = 0; i < options.crowd().clients(); i++) {
      clients.add(new ListClient(this, fork(), false));
    }
    for (int i = 0; i < options.crowd().readers(); i++) {
      clients.add(new ListClient(this, fork(), true));
    }
    this.ids = new IdClients(this, fork(), beside(5));
    this.past = new PastClient(this, fork());
    this.books = options.subjects().library() ? new BookClients(this, fork()) : null;
    this.figures = options.subjects().figures() ? new FigureClients(this, beside(6)) : null;
    this.sweeper = new Sweeper(this, beside(2));
  }

  /** Has what befalls the cluster told, a line each. */
  public World chronicle(Consumer<String> lines) {
    chronicle = lines;
    return this;
  }

  /** Has something done when all is quiet, which the judgement must notice. */
  World beforeTheLastRead(Consumer<World> task) {
    beforeTheLastRead = task;
    return this;
  }

  /** Runs to the end and judges. */
  public WorldVerdict run() {
    List<String> anomalies = new ArrayList<>();
    try (checkpoints) {
      anomalies.addAll(play());
    } catch (RuntimeException | Error thrown) {
      anomalies.add("thrown: " + thrown + " at " + List.of(thrown.getStackTrace()).subList(0, 5));
    }
    anomalies.addAll(0, reports);
    return new WorldVerdict(
        options,
        history.count(Ending.COMMITTED),
        history.written(),
        history.count(Ending.ABORTED),
        history.count(Ending.UNKNOWN),
        befallen,
        probes,
        writes.quietMinutes(),
        Duration.ofNanos(scheduler.monotonicNanos()),
        scheduler.traceHash(),
        anomalies);
  }

  private List<String> play() {
    cluster.start();
    if (!await(FOUNDING_MAX, () -> cluster.serving() != null) || !maintainsIndex()) {
      return List.of("no progress: nothing is served after " + FOUNDING_MAX + " without faults");
    }
    clients.forEach(ListClient::start);
    ids.start();
    past.start();
    if (books != null) {
      books.start();
    }
    if (figures != null) {
      figures.start();
    }
    weather.start();
    faults.start();
    look();
    writes.begin(scheduler.monotonicNanos());
    scheduler.runFor(options.life().duration());
    writes.end(scheduler.monotonicNanos());
    faults.stop();
    cluster.heal();
    door.heal();
    List<String> anomalies = new ArrayList<>();
    weather.settle();
    Duration limit =
        options
            .life()
            .idleLimit()
            .plus(PROGRESS_MAX)
            .plus(PROGRESS_MAX_EACH.multipliedBy(options.crowd().clients()))
            .plus(options.life().pace().underWayMax());
    long healed = scheduler.monotonicNanos();
    healedNanos = healed;
    if (!await(limit, () -> whoWaitsSince(healed).isEmpty())) {
      anomalies.add(
          "no progress: %s after the last fault nothing was acknowledged that was begun since: %s"
              .formatted(limit, whoWaitsSince(healed)));
    }
    clients.forEach(ListClient::stop);
    ids.stop();
    past.stop();
    if (books != null) {
      books.stop();
    }
    if (figures != null) {
      figures.stop();
    }
    sweeper.stop();
    if (!await(
        ENDING_MAX,
        () ->
            sweeper.isIdle()
                && ids.isIdle()
                && clients.stream().allMatch(ListClient::isIdle)
                && (figures == null || figures.isIdle()))) {
      anomalies.add("no progress: a client waits for " + ENDING_MAX);
    }
    if (books != null && !await(ENDING_MAX, books::isIdle)) {
      anomalies.add("no progress: after " + ENDING_MAX + " " + books.waiting());
    }
    var closing = Closing.of(this);
    if (!await(limit, closing::isDone)) {
      anomalies.add("held " + limit + " after the last client has ended: " + closing);
    }
    beforeTheLastRead.accept(this);
    anomalies.addAll(judge());
    return anomalies;
  }

  /**
   * Of whom nothing was acknowledged that was begun after an instant. What was under way then says
   * nothing, nor a read of one who writes.
   */
  private List<String> whoWaitsSince(long nanos) {
    List<String> waiting = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      if (!clients.get(i).hasGotOnSince(nanos)) {
        waiting.add("client " + i);
      }
    }
    if (!ids.haveGotOnSince(nanos)) {
      waiting.add("who asks for ids");
    }
    if (!past.hasGotOnSince(nanos)) {
      waiting.add("who reads the past");
    }
    if (books != null && !books.haveGotOnSince(nanos)) {
      waiting.add("who writes or reads books");
    }
    if (figures != null && !figures.haveGotOnSince(nanos)) {
      waiting.add("who has accounts, registers or elements");
    }
    return waiting;
  }

  private List<String> judge() {
    List<String> anomalies = new ArrayList<>();
    FinalState state = FinalState.read(this);
    anomalies.addAll(state.disagreements());
    anomalies.addAll(commitTimes.anomalies());
    if (state.complete()) {
      ids.found(state.others());
      state.others().stream()
          .filter(
              entity -> !Book.isOne(entity) && !IdClients.isOne(entity) && !Figures.isOne(entity))
          .forEach(entity -> anomalies.add("garbage: nobody has written " + entity));
      anomalies.addAll(ids.anomalies());
      anomalies.addAll(StrictSerializability.anomalies(history, state.lists()));
      anomalies.addAll(snapshots.anomalies(state.lists()));
    }
    if (books != null) {
      if (state.complete()) {
        books.found(state.time(), state.others());
      }
      anomalies.addAll(books.anomalies());
    }
    if (figures != null) {
      if (state.complete()) {
        figures.found(state.others());
      }
      anomalies.addAll(figures.anomalies());
    }
    if (options.subjects().isSpread() && !await(PLACED_MAX, cluster::isPlaced)) {
      anomalies.add("replicas are not where the ring says " + PLACED_MAX + " after the last fault");
    }
    hit("newcomer", cluster.newcomersThatVote());
    if (!await(EVEN_MAX, agreement::isEven)) {
      anomalies.add("a replica is behind " + EVEN_MAX + " after the last fault");
    }
    agreement.look();
    anomalies.addAll(cluster.recordedLogs().anomalies());
    for (SimulatedNode node : cluster.nodes()) {
      Transactions here = node.transactions();
      if (here != null && here.failure().isPresent()) {
        anomalies.add(node + " stopped: " + here.failure().get());
      }
    }
    return anomalies;
  }

  /** For reads once all is quiet. */
  Boot processThatServes() {
    SimulatedNode serving = cluster.serving();
    SimulatedNetwork network = serving == null ? null : serving.network();
    return Objects.requireNonNull(network, "nobody serves").boot();
  }

  /** The composite indexes that have all their entries, once all is quiet. */
  List<IndexDefinition> indexes() {
    var indexes = new ArrayList<>(List.of(Lists.INDEX.definition()));
    SimulatedNode serving = cluster.serving();
    Transactions there = serving == null ? null : serving.transactions();
    if (there != null) {
      there.indexes().all().forEach(index -> indexes.add(index.definition()));
    }
    return indexes;
  }

  /** Every shard maintains a composite index before the first entity is written. */
  private boolean maintainsIndex() {
    for (int shard = 0; shard < options.setting().shards(); shard++) {
      int next = shard;
      var put = new ArrayList<CompletableFuture<Void>>();
      if (!await(
          FOUNDING_MAX,
          () -> {
            SimulatedNode serving = cluster.serving();
            Transactions there = serving == null ? null : serving.transactions();
            if (there != null && put.stream().allMatch(CompletableFuture::isDone)) {
              put.add(there.indexes().putOnShard(next, Lists.INDEX));
            }
            return put.stream().anyMatch(one -> one.isDone() && !one.isCompletedExceptionally());
          })) {
        return false;
      }
    }
    return true;
  }

  /** Lets time pass until something is so; false when it is not within the limit. */
  boolean await(Duration limit, BooleanSupplier condition) {
    long end = scheduler.monotonicNanos() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (scheduler.monotonicNanos() >= end) {
        return false;
      }
      scheduler.runFor(STEP);
    }
    return true;
  }

  private void look() {
    scheduler.schedule(
        Duration.ofNanos(random.nextLong(options.life().pace().lookingMax().toNanos())),
        () -> {
          agreement.look();
          look();
        });
  }

  /** Chance that takes nothing from the chance of the rest. */
  private RandomGenerator beside(int which) {
    return new SplittableRandom(options.seed() * 31 + which);
  }

  RandomGenerator fork() {
    return new SplittableRandom(random.nextLong());
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Cluster cluster() {
    return cluster;
  }

  Door door() {
    return door;
  }

  Refusals refusals() {
    return refusals;
  }

  Sweeper sweeper() {
    return sweeper;
  }

  Weather weather() {
    return weather;
  }

  Snapshots snapshots() {
    return snapshots;
  }

  CommitTimes commitTimes() {
    return commitTimes;
  }

  ShardMap shardMap() {
    return shardMap;
  }

  int[] allShards() {
    return IntStream.range(0, options.setting().shards()).toArray();
  }

  List<String> objects() {
    return objects;
  }

  List<String> someObjects(RandomGenerator by) {
    return shuffled(objects, by).subList(0, 1 + by.nextInt(Math.min(3, objects.size())));
  }

  SimulatedNode someNode(RandomGenerator by) {
    return cluster.nodes().get(by.nextInt(cluster.nodes().size()));
  }

  /** The node that serves, or some. */
  SimulatedNode servingNode(RandomGenerator by) {
    SimulatedNode serving = cluster.serving();
    return serving == null ? someNode(by) : serving;
  }

  /** The node that another one named, or some. */
  SimulatedNode nodeAfter(SimulatedNode asked, String named, RandomGenerator by) {
    SimulatedNode node = cluster.node(named);
    return node == null || node == asked ? someNode(by) : node;
  }

  /** Whether a planted fault refuses what a transaction writes that began at an instant. */
  boolean refusesWrites(long invokedNanos) {
    return options.plant() == Plant.WRITES_REFUSED_ONCE_HEALED && invokedNanos > healedNanos;
  }

  int nextTransactionId() {
    return transactionIds++;
  }

  int nextElement() {
    int max = options.life().pace().appendsMax();
    if (max > 0 && elements > 0 && elements % max == 0) {
      sweeper.retire(objects);
      objects = named("list" + elements + ".");
    }
    return elements++;
  }

  private List<String> named(String prefix) {
    return IntStream.range(0, options.crowd().objects()).mapToObj(i -> prefix + i).toList();
  }

  void ended(History.Transaction transaction) {
    scheduler.trace(transaction.id() * 31L + transaction.ending().ordinal());
    history.add(transaction);
    if (transaction.ending() == Ending.COMMITTED && !transaction.appends().isEmpty()) {
      writes.ended(scheduler.monotonicNanos());
    }
  }

  /** Something that must never happen, whatever the history says. */
  void report(String anomaly) {
    reports.add(anomaly);
  }

  /** Tells what happens, for whoever wants to understand a run. */
  void tell(String what) {
    if (chronicle != null) {
      chronicle.accept("%.6f %s".formatted(scheduler.monotonicNanos() / 1e9, what));
    }
  }

  /** Counts a fault. Whether it had an effect is a probe of its name, hit where that shows. */
  void befell(String fault) {
    befallen.merge(fault, 1, Integer::sum);
  }

  /** Counts that something worth testing happened. */
  void hit(String probe) {
    hit(probe, 1);
  }

  void hit(String probe, int times) {
    if (times > 0) {
      probes.merge(probe, times, Integer::sum);
    }
  }

  static List<String> shuffled(Collection<String> names, RandomGenerator random) {
    var list = new ArrayList<>(names);
    for (int i = list.size() - 1; i > 0; i--) {
      Collections.swap(list, i, random.nextInt(i + 1));
    }
    return list;
  }
}
