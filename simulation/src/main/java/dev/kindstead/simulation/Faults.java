package dev.kindstead.simulation;

import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What befalls a cluster, one thing after the other, each for a while, until {@link #stop}. Disks
 * lose nothing that was synced. Confined to the scheduler's thread.
 */
final class Faults {
  private static final Duration CRASH_LASTS_MAX = Duration.ofSeconds(3);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(3);
  private static final Duration SHORT_PAUSE_MAX = Duration.ofMillis(300);
  private static final Duration USURPING_MAX = Duration.ofMillis(100);
  private static final Duration CUT_LASTS_MAX = Duration.ofSeconds(4);
  private static final int JUMP_MILLIS_MAX = 10_000;

  private final Cluster cluster;
  private final Scheduler scheduler;
  private final RandomGenerator random;
  private boolean stopped;

  /** One kind, and how many of its kind there are among so many. */
  private record Kind(int weight, Runnable befall) {}

  Faults(Cluster cluster, Scheduler scheduler, RandomGenerator random) {
    this.cluster = cluster;
    this.scheduler = scheduler;
    this.random = random;
  }

  void start() {
    long mean = cluster.options().faultEvery().toNanos();
    scheduler.schedule(
        Duration.ofNanos(mean / 2 + random.nextLong(mean)),
        () -> {
          if (!stopped) {
            befall();
            start();
          }
        });
  }

  void stop() {
    stopped = true;
  }

  private void befall() {
    List<Kind> kinds =
        cluster.nodes().size() == 1
            ? List.of(new Kind(6, this::crash), new Kind(1, this::pause), new Kind(2, this::jump))
            : List.of(
                new Kind(5, this::crash),
                new Kind(1, this::powerCut),
                new Kind(5, this::pause),
                new Kind(4, this::cutPair),
                new Kind(5, () -> isolate(some())),
                new Kind(2, this::pauseAndIsolate),
                new Kind(2, this::jump),
                new Kind(3, this::transfer),
                new Kind(3, this::handOver),
                new Kind(1, this::disconnect));
    int drawn = random.nextInt(kinds.stream().mapToInt(Kind::weight).sum());
    for (Kind kind : kinds) {
      drawn -= kind.weight();
      if (drawn < 0) {
        kind.befall().run();
        return;
      }
    }
  }

  private void befalls(String fault, Object whom) {
    cluster.hit(fault);
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
    scheduler.schedule(
        upTo(max),
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
      crash(node);
    }
  }

  private void powerCut() {
    befalls("power cut", "all");
    cluster.nodes().forEach(this::crash);
  }

  private void crash(SimulatedNode node) {
    if (node.machine().isUp()) {
      node.crash();
      later(CRASH_LASTS_MAX, node::start);
    }
  }

  private void pause() {
    SimulatedNode node = some();
    if (node.machine().isUp() && !node.machine().isPaused()) {
      befalls("pause", node);
      node.machine().pause();
      later(random.nextBoolean() ? PAUSE_MAX : SHORT_PAUSE_MAX, node.machine()::resume);
    }
  }

  private void cutPair() {
    String one = some().nodeId();
    String other = cluster.nodes().get(random.nextInt(cluster.nodes().size())).nodeId();
    if (!one.equals(other)) {
      befalls("cut", one + " and " + other);
      cut(one, other, random.nextInt(3));
    }
  }

  /** Nodes that a node is cut off from may have another leader before they miss it. */
  private void isolate(SimulatedNode node) {
    String one = node.nodeId();
    int direction = random.nextInt(3);
    befalls(direction == 0 ? "isolated" : "isolated one way", one);
    boolean usurped = random.nextBoolean();
    for (SimulatedNode other : cluster.nodes()) {
      if (other != node) {
        cut(one, other.nodeId(), direction);
        if (usurped) {
          later(USURPING_MAX, () -> usurp(other));
        }
      }
    }
  }

  private static void usurp(SimulatedNode node) {
    for (ModelLog log : node.logs()) {
      node.machine().deliver(log::usurp);
    }
  }

  /** It wakes up among others that it can't hear, and its clients can reach it. */
  private void pauseAndIsolate() {
    SimulatedNode node = some();
    if (node.machine().isUp() && !node.machine().isPaused()) {
      befalls("pause and isolation", node);
      node.machine().pause();
      later(PAUSE_MAX, node.machine()::resume);
      isolate(node);
    }
  }

  /**
   * Cuts a pair of nodes for a while.
   *
   * @param direction both, only there, only back
   */
  private void cut(String one, String other, int direction) {
    Links links = cluster.links();
    if (direction != 2) {
      links.cut(one, other);
    }
    if (direction != 1) {
      links.cut(other, one);
    }
    later(
        CUT_LASTS_MAX,
        () -> {
          links.mend(one, other);
          links.mend(other, one);
        });
  }

  private void jump() {
    SimulatedNode node = some();
    befalls("clock jump", node);
    node.machine()
        .jumpWallClock(Duration.ofMillis(random.nextInt(2 * JUMP_MILLIS_MAX) - JUMP_MILLIS_MAX));
  }

  /** The leader of some group, whoever that is, is asked to have another one lead. */
  private void transfer() {
    int group = random.nextInt(cluster.groups().size());
    String to = cluster.nodes().get(random.nextInt(cluster.nodes().size())).nodeId();
    for (SimulatedNode node : cluster.nodes()) {
      if (node.machine().isUp()) {
        onNode(node, () -> node.logs().get(group).transferLeadership(to));
      }
    }
  }

  private void handOver() {
    SimulatedNode serving = cluster.serving();
    if (serving != null) {
      Transactions transactions = serving.transactions();
      if (transactions != null) {
        befalls("hand-over", serving);
        onNode(serving, transactions::handOver);
      }
    }
  }

  private void disconnect() {
    SimulatedNode one = some();
    SimulatedNetwork network = one.network();
    if (network != null) {
      befalls("connection lost", one);
      cluster.nodes().forEach(other -> network.disconnect(other.nodeId()));
    }
  }

  private static void onNode(SimulatedNode node, Runnable task) {
    node.machine().deliver(task);
  }
}
