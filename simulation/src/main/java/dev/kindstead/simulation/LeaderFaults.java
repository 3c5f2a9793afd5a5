package dev.kindstead.simulation;

import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * What befalls those who lead groups, though nothing need be wrong with them. Confined to the
 * scheduler's thread.
 */
final class LeaderFaults {
  private static final Duration USURPING_MAX = Duration.ofMillis(20);

  /** Who is asked to hand over serves no more at once, if there is another one. */
  private static final Duration HANDED_OVER = Duration.ofMillis(5);

  private static final Duration AWAY_MAX = Duration.ofMillis(400);

  private final Cluster cluster;
  private final RandomGenerator random;
  private final BiConsumer<Duration, Runnable> later;

  /**
   * @param later runs something at some time within a limit, unless there are no faults any more
   */
  LeaderFaults(Cluster cluster, RandomGenerator random, BiConsumer<Duration, Runnable> later) {
    this.cluster = cluster;
    this.random = random;
    this.later = later;
  }

  /**
   * What it leads it goes on leading, as far as it knows: one leader of the past may find that out
   * from another, but not when all of a node's are late.
   */
  void believeAlike(SimulatedNode node) {
    Duration atLeast = upTo(Leadership.BELIEF_MAX);
    node.logs().forEach(log -> log.believe(atLeast));
  }

  /** Some group has another leader, though nothing was wrong with the one it had. */
  void usurp() {
    SimulatedNode node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    if (node.machine().isUp()) {
      befalls("usurpation", node);
      usurp("usurpation", node, random.nextInt(node.logs().size()));
    }
  }

  /** A leader leads again, after another one that it may not have heard of. */
  void thereAndBack() {
    int group = random.nextInt(cluster.groups().size());
    SimulatedNode former = null;
    for (SimulatedNode node : cluster.nodes()) {
      if (node.machine().isUp() && node.logs().get(group).believesToLead()) {
        former = node;
      }
    }
    SimulatedNode next = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    if (former != null && next != former && next.machine().isUp()) {
      befalls("there and back", former + " and " + next);
      SimulatedNode back = former;
      onNode(next, next.logs().get(group)::usurp);
      later.accept(AWAY_MAX, () -> usurp("there and back", back, group));
    }
  }

  /** The fault shows if it leads now, and did not before. */
  private void usurp(String fault, SimulatedNode node, int group) {
    if (node.machine().isUp()) {
      ModelLog log = node.logs().get(group);
      onNode(
          node,
          () -> {
            boolean led = log.believesToLead();
            log.usurp();
            if (!led && log.believesToLead()) {
              cluster.hit(fault);
            }
          });
    }
  }

  /** Those that a node is cut off from have another leader before they can miss it. */
  void usurpAll(SimulatedNode node) {
    for (ModelLog log : node.logs()) {
      later.accept(USURPING_MAX, () -> node.machine().deliver(log::usurp));
    }
  }

  /** The leader of some group, whoever that is, is asked to have another one lead. */
  void transfer() {
    int group = random.nextInt(cluster.groups().size());
    String to = cluster.nodes().get(random.nextInt(cluster.nodes().size())).nodeId();
    befalls("transfer", cluster.groups().get(group).name() + " to " + to);
    for (SimulatedNode node : cluster.nodes()) {
      if (node.machine().isUp()) {
        onNode(node, () -> node.logs().get(group).transferLeadership(to));
      }
    }
  }

  void handOver() {
    SimulatedNode serving = cluster.serving();
    if (serving != null) {
      Transactions transactions = serving.transactions();
      if (transactions != null) {
        befalls("hand-over", serving);
        onNode(serving, transactions::handOver);
        serving
            .machine()
            .scheduler()
            .schedule(
                HANDED_OVER,
                () -> {
                  if (!transactions.isServing()) {
                    cluster.hit("hand-over");
                  }
                });
      }
    }
  }

  private void befalls(String fault, Object whom) {
    cluster.befell(fault);
    cluster.tell(fault + ": " + whom);
  }

  private Duration upTo(Duration max) {
    return Duration.ofNanos(random.nextLong(max.toNanos()));
  }

  private static void onNode(SimulatedNode node, Runnable task) {
    node.machine().deliver(task);
  }
}
