package dev.kindstead.simulation;

import dev.kindstead.directory.Admission;
import dev.kindstead.environment.Network;
import dev.kindstead.model.Bytes;
import dev.kindstead.placement.LeaderPlacement;
import dev.kindstead.placement.ReplicaPlacement;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.RecordedLog;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.replication.StoredState;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.transaction.OtherNodes;
import dev.kindstead.transaction.ShardWiring;
import dev.kindstead.transaction.TransactionSettings;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A node: the real code over stores and logs that survive its crashes as far as they were flushed.
 * {@link #start} is the one place where a node is wired. Confined to the scheduler's thread.
 */
final class SimulatedNode {
  /** As of a real node: reads that may be old wait so long to be recent. */
  private static final Duration CLOSED_LIMIT = Duration.ofMillis(500);

  private static final byte[] NO_BYTES = {};

  private final Cluster cluster;
  private final int number;
  private final Machine machine;
  private final RandomGenerator random;
  private final List<MemoryStore> stores = new ArrayList<>();
  private List<ModelLog> logs = List.of();
  private @Nullable Transactions transactions;
  private @Nullable SimulatedNetwork network;
  private @Nullable UpperFloors upperFloors;
  private @Nullable Membership membership;

  SimulatedNode(Cluster cluster, int number, Machine machine, RandomGenerator random) {
    this.cluster = cluster;
    this.number = number;
    this.machine = machine;
    this.random = random;
    for (int i = 0; i < cluster.groups().size(); i++) {
      stores.add(MemoryStore.withCrashes());
    }
  }

  String nodeId() {
    return machine.nodeId();
  }

  Machine machine() {
    return machine;
  }

  /** The door of the running process, which may not serve; null while there is none. */
  @Nullable Transactions transactions() {
    return transactions;
  }

  @Nullable SimulatedNetwork network() {
    return network;
  }

  /** Of the running process, in a cluster that has them. */
  UpperFloors upperFloors() {
    return Objects.requireNonNull(upperFloors, "a cluster that is asked no queries");
  }

  /** Of the running process, in a cluster whose nodes come and go. */
  @Nullable Membership membership() {
    return membership;
  }

  /** Whether it serves clients, and does not only send them elsewhere: it has a vote. */
  boolean isMember() {
    return !cluster.options().subjects().isSpread()
        || (machine.isUp() && logs.getLast().leader().isPresent());
  }

  /** Whether a replica of the running process has stopped because of its disk. */
  boolean hasFailed() {
    return machine.isUp() && logs.stream().anyMatch(ModelLog::hasFailed);
  }

  List<ModelLog> logs() {
    return logs;
  }

  MemoryStore store(int group) {
    return stores.get(group);
  }

  boolean isServing() {
    Transactions here = transactions;
    return here != null && machine.isUp() && !machine.isPaused() && here.isServing();
  }

  void start() {
    cluster.tell("starts: " + this);
    WorldOptions options = cluster.options();
    Boot boot = machine.start();
    logs = new ArrayList<>();
    var wirings = new ArrayList<ShardWiring>();
    for (int i = 0; i < stores.size(); i++) {
      MemoryStore store = stores.get(i);
      var site =
          new ModelSite(
              boot,
              cluster.links(),
              random,
              store::flush,
              () -> leads(store),
              cluster.checkpoints(),
              cluster.isNasty(),
              options.plant());
      var log = new ModelLog(cluster.groups().get(i), site);
      logs.add(log);
      var recorded =
          new RecordedLog(
              log, cluster.recordedLogs().begin(cluster.groups().get(i).name(), nodeId()));
      wirings.add(new ShardWiring(recorded, new VersionedStore(shown(store)), boot.thread()));
    }
    var others = new SimulatedNetwork(boot, cluster.links(), cluster.networks());
    ReplicatedLog system = wirings.getLast().log();
    Strands strands = boot.strands();
    var admission = new Admission(others, nodeId(), NodePlace.ANYWHERE);
    boolean isSpread = options.subjects().isSpread();
    Network shown = isSpread ? new CountedNetwork(others, cluster) : others;
    if (isSpread) {
      boot.readsMayWait();
    }
    var map = new ShardMap(options.setting().shards());
    var here =
        new Transactions(
            map,
            wirings.subList(0, options.setting().shards()),
            wirings.getLast(),
            machine,
            boot,
            boot.thread(),
            random,
            new OtherNodes(shown, admission::serving, strands),
            settings(options));
    transactions = here;
    network = others;
    upperFloors =
        options.subjects().library() ? UpperFloors.of(here, map, machine, boot, strands) : null;
    var unused =
        here.start()
            .whenComplete((started, failure) -> {
              if (failure != null && !hasFailed()) {
                cluster.report(nodeId() + " did not start: " + failure);
              }
            });
    if (options.setting().nodes() > 1) {
      others.serve(Network.Service.READS, (from, request) -> here.closedTimestamp());
      here.readReplicas(() -> askClosedTimestamp(here, others));
    }
    membership = null;
    if (isSpread) {
      membership = new Membership(cluster, boot, here, others, admission, List.copyOf(logs));
      membership.start();
    } else if (options.setting().nodes() > 1) {
      List<ReplicatedLog> shards = List.copyOf(logs.subList(0, options.setting().shards()));
      var placement = new ReplicaPlacement(shards.size(), Optional::empty);
      new LeaderPlacement(
              options.setting().leaders(),
              shards,
              placement,
              system::leader,
              Set::of,
              nodeId(),
              machine,
              boot)
          .start();
    }
    scheduleCheckpoint(boot);
  }

  void startIfDown() {
    if (!machine.isUp()) {
      start();
    }
  }

  private void leads(MemoryStore store) {
    if (!StoredState.prepared(store).isEmpty()) {
      cluster.hit("in-doubt recovery");
    }
  }

  private TransactionSettings settings(WorldOptions options) {
    TransactionSettings product = TransactionSettings.defaults(Bytes.of(new byte[32]));
    return new TransactionSettings(
        number,
        product.transactionKey(),
        options.crowd().mode(),
        options.life().retention(),
        options.life().idleLimit(),
        product.lifetimeLimit(),
        product.lockWaitLimit(),
        product.putWaitLimit(),
        product.outcomeRetention(),
        options.life().pace().collectionPeriod());
  }

  private CompletableFuture<byte[]> askClosedTimestamp(Transactions here, Network others) {
    return here.servedBy()
        .filter(node -> !node.equals(nodeId()))
        .map(node -> others.call(node, Network.Service.READS, NO_BYTES, CLOSED_LIMIT))
        .orElseGet(() -> CompletableFuture.failedFuture(new Network.NotDelivered("nobody serves")));
  }

  private OrderedStore shown(MemoryStore store) {
    return cluster.options().plant() == Plant.INTENTS_FORGOTTEN ? new ForgetfulStore(store) : store;
  }

  /** The process dies; stores lose a suffix of what was not flushed. */
  void crash() {
    if (machine.isUp()) {
      reportFailure();
      machine.resume();
      machine.kill();
      transactions = null;
      network = null;
      upperFloors = null;
      membership = null;
      stores.forEach(store -> store.crash(random));
    }
  }

  /** A replica that has stopped by itself: it will not be known any more when the process dies. */
  private void reportFailure() {
    Transactions here = transactions;
    if (here != null && logs.stream().noneMatch(ModelLog::hasFailed)) {
      here.failure().ifPresent(why -> cluster.report(this + " had stopped: " + why));
    }
  }

  /** From now on logs only delay. */
  void heal() {
    logs.forEach(ModelLog::heal);
  }

  private void scheduleCheckpoint(Boot boot) {
    boot.schedule(
        Duration.ofNanos(
            random.nextLong(cluster.options().life().pace().checkpointMax().toNanos())),
        () -> {
          logs.get(random.nextInt(logs.size())).requestCheckpoint(() -> cluster.hit("checkpoint"));
          scheduleCheckpoint(boot);
        });
  }

  @Override
  public String toString() {
    return nodeId();
  }
}
