package dev.kindstead.server;

import dev.kindstead.directory.Formation;
import dev.kindstead.directory.MembershipMessages;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import dev.kindstead.placement.LeadersTogether;
import dev.kindstead.placement.MemberChanges;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.transaction.ShardWiring;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What a node does for the cluster beside serving: it keeps leaders together, changes members where
 * it serves, passes on what is asked of whoever serves, and hands over before it stops.
 *
 * <p>Thread-safe.
 */
final class Company implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  /** Without a majority nobody can take over. */
  private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(3);

  private static final long HAND_OVER_PAUSE_MILLIS = 10;

  private final Neighbours neighbours;
  private final NodeIdentity identity;
  private final Transactions transactions;
  private final ReplicatedLog system;
  private final LeadersTogether leaders;
  private final MemberChanges changes;
  private final CatchUp catchUp;
  private final Periodic following;

  Company(
      Neighbours neighbours,
      NodeIdentity identity,
      Shards shards,
      Transactions transactions,
      Clock clock,
      Timers timers) {
    this.neighbours = neighbours;
    this.identity = identity;
    this.transactions = transactions;
    system = shards.system().log();
    List<ReplicatedLog> logs = shards.shards().stream().map(ShardWiring::log).toList();
    leaders = new LeadersTogether(logs, system, identity.nodeId(), clock, timers);
    changes =
        new MemberChanges(
            system, logs, transactions::isServing, transactions::expectOthers, timers);
    catchUp = new CatchUp(shards.logs(), timers);
    following = new Periodic(PERIOD, timers, this::follow);
  }

  void start() {
    neighbours
        .messages()
        .on(
            Formation.JOIN,
            where(nodeId -> {
              changes.admit(nodeId);
              return "";
            }));
    leaders.start();
    changes.start();
    catchUp.start();
  }

  /** How many of this node's replicas have not yet held all that was agreed on. */
  int behind() {
    return catchUp.behind();
  }

  /** What the node that serves is asked. */
  private interface Request {
    /** Answers why not, or empty. */
    String done(String nodeId);
  }

  /** Does it if this node serves, else asks the one that does. */
  private Network.Handler where(Request request) {
    return (from, message) -> {
      if (transactions.isServing()) {
        String nodeId = MembershipMessages.nodeOf(message);
        return CompletableFuture.completedFuture(MembershipMessages.verdict(request.done(nodeId)));
      }
      Optional<String> serving = servingElsewhere();
      return serving.isEmpty() || serving.get().equals(from)
          ? CompletableFuture.completedFuture(
              MembershipMessages.verdict("no node of the cluster serves now"))
          : neighbours
              .network()
              .call(serving.get(), Network.Service.MEMBERSHIP, message, ANSWER_LIMIT);
    };
  }

  private Optional<String> servingElsewhere() {
    return transactions.servedBy().filter(id -> !id.equals(identity.nodeId()));
  }

  private void follow() {
    neighbours.follow(system.members(), system.leader().isPresent());
  }

  /**
   * Before this node stops, another one leads: its clients' calls go on there, instead of after an
   * election. Blocks until it does, or the limit.
   */
  void handOver() {
    if (system.isAlone()) {
      return;
    }
    transactions.handOver();
    long limit = HAND_OVER_LIMIT.toMillis();
    for (long waited = 0; waited < limit && !leaders.leadsNothing(); ) {
      new CompletableFuture<Void>()
          .completeOnTimeout(null, HAND_OVER_PAUSE_MILLIS, TimeUnit.MILLISECONDS)
          .join();
      waited += HAND_OVER_PAUSE_MILLIS;
    }
  }

  @Override
  public void close() {
    following.close();
    catchUp.close();
    changes.close();
    leaders.close();
  }
}
