package dev.kindstead.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What befalls a cluster, one thing after the other, each for a while, until {@link #stop}; what
 * {@link HardwareFaults} and {@link LeaderFaults} do among it. Disks lose nothing that was synced.
 * Confined to the scheduler's thread.
 */
final class Faults {
  private static final Duration CRASH_LASTS_MAX = Duration.ofSeconds(3);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(3);
  private static final Duration SHORT_PAUSE_MAX = Duration.ofMillis(300);
  private static final Duration LONG_PAUSE_MAX = Duration.ofSeconds(30);
  private static final Duration SUSPENSION_MIN = Duration.ofMillis(60);
  private static final Duration HANDING_BACK_MAX = Duration.ofMillis(100);
  private static final Duration CUT_LASTS_MAX = Duration.ofSeconds(4);

  /** Once in so many times, who comes back is to serve at once, perhaps not aware of anything. */
  private static final int HANDED_BACK_IN = 3;

  private static final Duration LOSS_LASTS_MAX = Duration.ofSeconds(6);

  /** Three must be left. */
  private static final int REMOVED_MAX = 1;

  static final int NODES_MAX = 7;

  private final Cluster cluster;
  private final Scheduler scheduler;
  private final Weather weather;
  private final RandomGenerator random;
  private final HardwareFaults hardware;
  private final LeaderFaults leaders;
  private boolean stopped;
  private int removed;

  /** One kind, and how likely it is in comparison. */
  private record Kind(String name, int weight, Runnable befall) {}

  Faults(Cluster cluster, Scheduler scheduler, Weather weather, RandomGenerator random) {
    this.cluster = cluster;
    this.scheduler = scheduler;
    this.weather = weather;
    this.random = random;
    hardware = new HardwareFaults(cluster, scheduler, weather, random);
    leaders = new LeaderFaults(cluster, random, this::later);
    List<String> known = kinds(cluster.options());
    if (!all().stream().map(Kind::name).toList().equals(known)) {
      throw new IllegalStateException("kinds of faults are not " + known);
    }
  }

  void start() {
    long mean = cluster.options().life().faultEvery().toNanos();
    scheduler.schedule(
        Duration.ofNanos(mean / 2 + random.nextLong(mean)),
        () -> {
          if (!stopped) {
            if (weather.brings()) {
              befall();
            }
            start();
          }
        });
  }

  void stop() {
    stopped = true;
  }

  private void befall() {
    List<Kind> kinds = possible();
    if (kinds.isEmpty()) {
      return;
    }
    int drawn = random.nextInt(kinds.stream().mapToInt(Kind::weight).sum());
    for (Kind kind : kinds) {
      drawn -= kind.weight();
      if (drawn < 0) {
        kind.befall().run();
        return;
      }
    }
  }

  /**
   * Those that befall such a cluster, by name. The disk of a node that is alone does not fail: what
   * its failed sync may have left is a known weakness (docs/reliability.md).
   */
  static List<String> kinds(WorldOptions options) {
    if (options.setting().nodes() == 1) {
      return List.of("crash", "pause", "clock jump", "slow disk");
    }
    var kinds =
        new ArrayList<>(
            List.of(
                "crash",
                "power cut",
                "pause",
                "suspension",
                "cut",
                "isolation",
                "pause and isolation",
                "clock jump",
                "transfer",
                "usurpation",
                "there and back",
                "hand-over",
                "connection lost",
                "slow disk",
                "failing disk"));
    if (options.subjects().isSpread()) {
      kinds.addAll(List.of("loss", "removal", "newcomer"));
    }
    return kinds;
  }

  private List<Kind> all() {
    List<Kind> alone =
        List.of(
            new Kind("crash", 6, this::crash),
            new Kind("pause", 1, this::pause),
            new Kind("clock jump", 2, () -> hardware.jump(some())),
            new Kind("slow disk", 2, () -> hardware.slowDisk(some())));
    List<Kind> together =
        List.of(
            new Kind("crash", 5, this::crash),
            new Kind("power cut", 1, this::powerCut),
            new Kind("pause", 5, this::pause),
            new Kind("suspension", 1, this::suspend),
            new Kind("cut", 4, this::cutPair),
            new Kind("isolation", 5, () -> isolate(some(), weather.lasts(upTo(CUT_LASTS_MAX)))),
            new Kind("pause and isolation", 2, this::pauseAndIsolate),
            new Kind("clock jump", 2, () -> hardware.jump(some())),
            new Kind("transfer", 3, leaders::transfer),
            new Kind("usurpation", 3, leaders::usurp),
            new Kind("there and back", 3, leaders::thereAndBack),
            new Kind("hand-over", 3, leaders::handOver),
            new Kind("connection lost", 1, this::disconnect),
            new Kind("slow disk", 4, () -> hardware.slowDisk(some())),
            new Kind("failing disk", 2, () -> hardware.failDisk(some())));
    if (!cluster.options().subjects().isSpread()) {
      return cluster.nodes().size() == 1 ? alone : together;
    }
    List<Kind> kinds = new ArrayList<>(together);
    kinds.add(new Kind("loss", 4, this::lose));
    kinds.add(new Kind("removal", 2, this::remove));
    kinds.add(new Kind("newcomer", 2, this::add));
    return kinds;
  }

  private List<Kind> possible() {
    Set<String> wanted = cluster.options().faults();
    return all().stream().filter(kind -> wanted.isEmpty() || wanted.contains(kind.name())).toList();
  }

  private void befalls(String fault, Object whom) {
    cluster.befell(fault);
    cluster.tell(fault + ": " + whom);
  }

  private SimulatedNode some() {
    SimulatedNode serving = cluster.serving();
    // What befalls the node that serves matters most.
    return serving != null && random.nextBoolean()
        ? serving
        : cluster.nodes().get(random.nextInt(cluster.nodes().size()));
  }

  private Duration upTo(Duration max) {
    return Duration.ofNanos(random.nextLong(max.toNanos()));
  }

  private void later(Duration max, Runnable end) {
    after(upTo(max), end);
  }

  private void after(Duration lasts, Runnable end) {
    scheduler.schedule(
        lasts,
        () -> {
          if (!stopped) {
            end.run();
          }
        });
  }

  private void crash() {
    SimulatedNode node = some();
    if (node.machine().isUp()) {
      befalls("crash", node);
      cluster.hit("crash");
      Duration usual = upTo(CRASH_LASTS_MAX);
      crash(node, cluster.nodes().size() == 1 ? usual : weather.lasts(usual));
    }
  }

  /** A node stays away for so long that others get its replicas, and comes back. */
  private void lose() {
    SimulatedNode node = some();
    if (node.machine().isUp()) {
      befalls("loss", node);
      node.crash();
      scheduler.schedule(
          Membership.REPLACE_AFTER.plus(upTo(LOSS_LASTS_MAX)),
          () -> {
            if (cluster.isReplaced(node)) {
              cluster.hit("loss");
            }
            node.startIfDown();
          });
    }
  }

  /** It runs on, and may not know. */
  private void remove() {
    SimulatedNode serving = cluster.serving();
    Membership office = serving == null ? null : serving.membership();
    if (serving != null && office != null && removed < REMOVED_MAX) {
      List<SimulatedNode> others =
          cluster.nodes().stream().filter(other -> other != serving).toList();
      String leaving = others.get(random.nextInt(others.size())).nodeId();
      removed++;
      onNode(serving, () -> office.remove(leaving));
    }
  }

  private void add() {
    if (cluster.nodes().size() < NODES_MAX) {
      SimulatedNode added = cluster.addOne();
      befalls("newcomer", added);
      added.start();
    }
  }

  private void powerCut() {
    befalls("power cut", "all");
    if (cluster.nodes().stream().anyMatch(node -> node.machine().isUp())) {
      cluster.hit("power cut");
    }
    for (SimulatedNode node : cluster.nodes()) {
      if (node.machine().isUp()) {
        crash(node, upTo(CRASH_LASTS_MAX));
      }
    }
  }

  private void crash(SimulatedNode node, Duration lasts) {
    node.crash();
    after(lasts, node::start);
  }

  private void pause() {
    SimulatedNode node = some();
    if (node.machine().isUp() && !node.machine().isPaused()) {
      befalls("pause", node);
      node.machine().pause();
      Duration lasts = upTo(random.nextBoolean() ? PAUSE_MAX : SHORT_PAUSE_MAX);
      after(standsStill(lasts), () -> resume("pause", node));
    }
  }

  /** Long enough for the difference between the clocks to show: decision 10. */
  private void suspend() {
    SimulatedNode node = some();
    if (node.machine().isUp() && !node.machine().isPaused()) {
      befalls("suspension", node);
      node.machine().suspend();
      scheduler.schedule(
          standsStill(SUSPENSION_MIN.plus(upTo(PAUSE_MAX))), () -> resume("suspension", node));
    }
  }

  /** The fault shows if something came due in it. */
  private void resume(String fault, SimulatedNode node) {
    if (node.machine().holdsBack()) {
      cluster.hit(fault);
    }
    node.machine().resume();
  }

  /** In a long life now and then for long, unless that would leave nobody. */
  private Duration standsStill(Duration usual) {
    Duration lasts = cluster.nodes().size() == 1 ? usual : weather.lasts(usual);
    if (lasts.compareTo(LONG_PAUSE_MAX) < 0) {
      return lasts;
    }
    cluster.hit("pause of half a minute");
    return LONG_PAUSE_MAX;
  }

  private void cutPair() {
    SimulatedNode one = some();
    SimulatedNode other = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    if (one != other) {
      befalls("cut", one + " and " + other);
      cut("cut", one, List.of(other), random.nextInt(3), weather.lasts(upTo(CUT_LASTS_MAX)));
    }
  }

  private void isolate(SimulatedNode node, Duration lasts) {
    int direction = random.nextInt(3);
    String fault = direction == 0 ? "isolated" : "isolated one way";
    befalls(fault, node);
    List<SimulatedNode> others = cluster.nodes().stream().filter(other -> other != node).toList();
    cut(fault, node, others, direction, lasts);
    if (random.nextBoolean()) {
      leaders.usurpAll(others.get(random.nextInt(others.size())));
    }
    if (random.nextBoolean()) {
      leaders.believeAlike(node);
    }
  }

  /**
   * Cuts a node off others for a while.
   *
   * @param direction both, only there, only back
   */
  private void cut(
      String fault, SimulatedNode one, List<SimulatedNode> others, int direction, Duration lasts) {
    Links links = cluster.links();
    for (SimulatedNode other : others) {
      if (direction != 2) {
        links.cut(fault, one.nodeId(), other.nodeId());
      }
      if (direction != 1) {
        links.cut(fault, other.nodeId(), one.nodeId());
      }
    }
    scheduler.schedule(
        lasts,
        () -> {
          for (SimulatedNode other : others) {
            links.mend(one.nodeId(), other.nodeId());
            links.mend(other.nodeId(), one.nodeId());
          }
          if (!stopped && random.nextInt(HANDED_BACK_IN) == 0) {
            later(HANDING_BACK_MAX, leaders::handOver);
          }
        });
  }

  /** It wakes up among others that it can't hear, and its clients can reach it. */
  private void pauseAndIsolate() {
    SimulatedNode node = some();
    if (node.machine().isUp() && !node.machine().isPaused()) {
      befalls("pause and isolation", node);
      Duration pause = upTo(PAUSE_MAX);
      node.machine().pause();
      scheduler.schedule(pause, () -> resume("pause and isolation", node));
      isolate(node, pause.plus(upTo(CUT_LASTS_MAX)));
    }
  }

  private void disconnect() {
    SimulatedNode one = some();
    SimulatedNetwork network = one.network();
    if (network != null) {
      befalls("connection lost", one);
      for (SimulatedNode other : cluster.nodes()) {
        if (network.disconnect(other.nodeId())) {
          cluster.hit("connection lost");
        }
      }
    }
  }

  private static void onNode(SimulatedNode node, Runnable task) {
    node.machine().deliver(task);
  }
}
