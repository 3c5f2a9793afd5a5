package dev.kindstead.simulation;

import dev.kindstead.replication.Members;
import dev.kindstead.transaction.Transactions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The nodes, what connects them, and the groups they replicate. Confined to one thread. */
final class Cluster {
  private static final Duration WALL_OFFSET_MAX = Duration.ofSeconds(2);

  private final WorldOptions options;
  private final World world;
  private final Links links;
  private final List<ModelGroup> groups = new ArrayList<>();
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final Map<String, SimulatedNetwork> networks = new TreeMap<>();
  private final RecordedLogs recordedLogs = new RecordedLogs();
  private final Supplier<Path> checkpoints;
  private final RandomGenerator random;
  private boolean nasty;

  Cluster(World world, WorldOptions options, Supplier<Path> checkpoints, RandomGenerator random) {
    this.world = world;
    this.options = options;
    this.checkpoints = checkpoints;
    nasty = options.setting().nasty();
    links = new Links(world.scheduler(), world.fork(), nasty, this::hit, this::report);
    List<String> ids =
        IntStream.rangeClosed(1, options.setting().nodes()).mapToObj(i -> "n" + i).toList();
    List<String> founders = options.subjects().isSpread() ? ids.subList(0, Subjects.COPIES) : ids;
    for (int i = 0; i <= options.setting().shards(); i++) {
      String name = i == options.setting().shards() ? "system" : "shard " + i;
      groups.add(new ModelGroup(name, founders, this::hit, this::tell));
    }
    this.random = random;
    ids.forEach(this::add);
  }

  private SimulatedNode add(String id) {
    var added = new SimulatedNode(this, 1 + nodes.size(), machine(id, random), world.fork());
    nodes.add(added);
    return added;
  }

  /** A node more, with an empty disk. */
  SimulatedNode addOne() {
    return add("n" + (1 + nodes.size()));
  }

  private Machine machine(String nodeId, RandomGenerator random) {
    var machine =
        new Machine(
            nodeId,
            world.scheduler(),
            Hardware.draw(world.scheduler(), options.setting().driftPpm(), random),
            options.plant() == Plant.LEASE_NOT_CHECKED_AGAIN);
    machine.jumpWallClock(Duration.ofNanos(random.nextLong(WALL_OFFSET_MAX.toNanos())));
    return machine;
  }

  WorldOptions options() {
    return options;
  }

  Links links() {
    return links;
  }

  /** The shards' in their order, then the system group. */
  List<ModelGroup> groups() {
    return groups;
  }

  List<SimulatedNode> nodes() {
    return nodes;
  }

  @Nullable SimulatedNode node(String nodeId) {
    return nodes.stream().filter(node -> node.nodeId().equals(nodeId)).findFirst().orElse(null);
  }

  Map<String, SimulatedNetwork> networks() {
    return networks;
  }

  Supplier<Path> checkpoints() {
    return checkpoints;
  }

  /** Of all nodes. */
  RecordedLogs recordedLogs() {
    return recordedLogs;
  }

  boolean isNasty() {
    return nasty;
  }

  void start() {
    nodes.forEach(SimulatedNode::start);
  }

  /** The node that serves, null when none does. */
  @Nullable SimulatedNode serving() {
    return nodes.stream().filter(SimulatedNode::isServing).findFirst().orElse(null);
  }

  /** Whether every replica is where the ring says, and as many nodes vote as shall. */
  boolean isPlaced() {
    SimulatedNode serving = serving();
    Membership office = serving == null ? null : serving.membership();
    List<Members> placed = office == null ? List.of() : office.placed();
    if (serving == null || placed.isEmpty()) {
      return false;
    }
    for (int shard = 0; shard < placed.size(); shard++) {
      if (!groups.get(shard).voters().equals(ModelVoters.of(placed.get(shard)))) {
        return false;
      }
    }
    ModelVoters voting = groups.getLast().voters();
    Transactions there = serving.transactions();
    return there != null
        && !voting.isJoint()
        && voting.all().size() == Subjects.COPIES
        && Collections.disjoint(voting.all(), there.removedNodes());
  }

  /** How many of those that were added later have got a replica. */
  int newcomersThatVote() {
    List<SimulatedNode> added = nodes.subList(options.setting().nodes(), nodes.size());
    return (int)
        added.stream()
            .filter(node ->
                groups.stream().anyMatch(group -> group.voters().all().contains(node.nodeId())))
            .count();
  }

  /** Whether a node has no replica any more. */
  boolean isReplaced(SimulatedNode node) {
    return groups.stream().noneMatch(group -> group.voters().all().contains(node.nodeId()));
  }

  /** Whether more than one node takes itself for the one that serves. */
  boolean isServedTwice() {
    return nodes.stream().filter(SimulatedNode::isServing).count() > 1;
  }

  /** Everything runs again, and from now on nothing but delays happens. */
  void heal() {
    nasty = false;
    links.heal();
    for (SimulatedNode node : nodes) {
      node.machine().resume();
      node.machine().hardware().mendDisk();
      if (node.hasFailed()) {
        node.crash();
      }
      node.startIfDown();
      node.heal();
    }
  }

  void tell(String what) {
    world.tell(what);
  }

  void befell(String fault) {
    world.befell(fault);
  }

  void hit(String probe) {
    world.hit(probe);
  }

  void report(String anomaly) {
    world.report(anomaly);
  }
}
