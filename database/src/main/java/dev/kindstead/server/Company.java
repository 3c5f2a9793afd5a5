package dev.kindstead.server;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.Drain;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.directory.Survey;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import dev.kindstead.placement.LeaderPlacement;
import dev.kindstead.placement.MemberChanges;
import dev.kindstead.placement.ReplicaPlacement;
import dev.kindstead.placement.Roster;
import dev.kindstead.protocol.ServingNode;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.transaction.ShardWiring;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does for the cluster beside serving: it brings leaders to where they belong, changes
 * members, and hands over before it stops or when it is drained.
 *
 * <p>Thread-safe.
 */
final class Company implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Company.class);

  private static final Duration PERIOD = Duration.ofSeconds(1);

  /** Without a majority nobody can take over. */
  private static final Duration HAND_OVER_LIMIT = Duration.ofSeconds(3);

  private static final long HAND_OVER_PAUSE_MILLIS = 10;

  /** Reads that may be old wait so long to be recent. */
  private static final Duration CLOSED_LIMIT = Duration.ofMillis(500);

  private final Neighbours neighbours;
  private final Transactions transactions;
  private final ReplicatedLog system;
  private final Survey survey;
  private final String nodeId;
  private final LeaderPlacement leaders;
  private final MemberChanges changes;
  private final NodeRequests requests;
  private final ServingNode serving;
  private final CatchUp catchUp;
  private final Timers timers;
  private final Periodic following;
  private volatile Runnable departing = () -> {};
  private volatile boolean drained;
  private volatile boolean stopping;

  /** What this node has to tell the placement of members. */
  private record Office(
      Transactions transactions,
      Supplier<Map<String, NodePlace>> known,
      Supplier<Map<String, Duration>> missing)
      implements MemberChanges.Office {
    @Override
    public boolean isServing() {
      return transactions.isServing();
    }

    @Override
    public void expectOthers() {
      transactions.expectOthers();
    }

    @Override
    public Set<String> removed() {
      return transactions.removedNodes();
    }

    @Override
    public Map<String, Command.PutNode> nodes() {
      return transactions.nodes();
    }

    @Override
    public CompletableFuture<Void> put(Command.PutNode node) {
      return transactions.putNode(node);
    }

    @Override
    public Map<String, NodePlace> places() {
      return known.get();
    }

    @Override
    public Map<String, Duration> silent() {
      return missing.get();
    }
  }

  Company(
      ClusterOptions options,
      Neighbours neighbours,
      NodeIdentity identity,
      Shards shards,
      Transactions transactions,
      ServingNode serving,
      Survey survey,
      Clock clock,
      Timers timers) {
    this.neighbours = neighbours;
    this.transactions = transactions;
    this.timers = timers;
    this.serving = serving;
    this.survey = survey;
    nodeId = identity.nodeId();
    system = shards.system().log();
    List<ReplicatedLog> logs = shards.shards().stream().map(ShardWiring::log).toList();
    var placement = new ReplicaPlacement(logs.size(), this::roster);
    leaders =
        new LeaderPlacement(
            options.leaders(),
            logs,
            placement,
            this::leadsSystem,
            () -> survey.latest().draining(),
            identity.nodeId(),
            clock,
            timers);
    changes =
        new MemberChanges(
            system,
            logs,
            placement,
            identity.nodeId(),
            new Office(transactions, survey::places, survey::silent),
            options.replaceAfter(),
            clock,
            timers);
    requests =
        new NodeRequests(
            neighbours.network(),
            identity,
            transactions,
            changes,
            survey,
            shards.groups(),
            serving,
            this::roster,
            this::drain,
            timers);
    catchUp =
        new CatchUp(
            transactions,
            shards.logs().size(),
            () ->
                CatchUp.votes(
                    system.leader().isPresent(),
                    system.isMember(),
                    neighbours.rosterByWord(),
                    identity.nodeId()),
            timers);
    following = new Periodic(PERIOD, timers, this::follow);
  }

  /** By this node's replica of the system group; where it has none, by what it was told. */
  private Optional<Roster> roster() {
    if (system.leader().isEmpty()) {
      return neighbours.rosterByWord();
    }
    return Optional.of(Roster.of(system.members().voters(), transactions.nodes().values()));
  }

  private Optional<String> leadsSystem() {
    return system.leader().or(neighbours::servingByWord);
  }

  void start() {
    requests.serve(neighbours.messages());
    neighbours
        .network()
        .serve(Network.Service.READS, (from, request) -> transactions.closedTimestamp());
    transactions.readReplicas(this::askClosedTimestamp);
    leaders.start();
    changes.start();
    catchUp.start();
  }

  private CompletableFuture<byte[]> askClosedTimestamp() {
    Network network = neighbours.network();
    return serving
        .elsewhere()
        .map(node -> network.call(node, Network.Service.READS, new byte[0], CLOSED_LIMIT))
        .orElseGet(() -> CompletableFuture.failedFuture(new Network.NotDelivered("nobody serves")));
  }

  /** To be run when this node is told to serve no more but live on. */
  void onDrain(Runnable task) {
    departing = task;
  }

  /** How many of this node's replicas have not yet held all that was agreed on. */
  int behind() {
    return catchUp.behind();
  }

  /** The change of members that this node is making. */
  Optional<NodeDescription.Move> move() {
    return changes
        .move()
        .map(move ->
            new NodeDescription.Move(
                Shards.nameOfGroup(move.shard()),
                move.in(),
                move.out(),
                Instant.ofEpochMilli(move.sinceMicros() / 1000)));
  }

  /** See {@link NodeRequests#act}. */
  CompletableFuture<String> act(String action, List<String> nodeIds) {
    return requests.act(action, nodeIds);
  }

  private void follow() {
    neighbours.follow(system.members(), system.leader().isPresent());
    if (drained && !stopping) {
      giveAway(survey.latest());
    }
    transactions.keepReadable();
  }

  /**
   * A node that is drained serves all the same while only others could that are drained as well.
   */
  private void giveAway(ClusterDescription cluster) {
    leaders.leave(cluster.draining());
    if (couldServeElsewhere(cluster) && !leaders.leadsNothing()) {
      transactions.handOver();
    }
  }

  /** Who leads knows within a second who does not answer any more, a survey some seconds later. */
  private boolean couldServeElsewhere(ClusterDescription cluster) {
    Set<String> draining = cluster.draining();
    Set<String> answering = system.answering();
    return cluster.couldServeWithout(nodeId)
        && (answering.isEmpty()
            || answering.stream()
                .anyMatch(node -> !node.equals(nodeId) && !draining.contains(node)));
  }

  private CompletableFuture<String> drain() {
    return survey
        .ask()
        .thenCompose(cluster -> {
          String whyNot = new Drain(cluster, nodeId).whyNot();
          if (!whyNot.isEmpty()) {
            return CompletableFuture.completedFuture(whyNot);
          }
          LOG.info(
              "drained by command: what this node leads goes to others, and new clients too, until"
                  + " it is started again");
          drained = true;
          departing.run();
          giveAway(cluster);
          return handedOver().thenApply(Company::begun);
        });
  }

  /** A hand-over that takes longer goes on: nothing was refused. */
  private static String begun(String left) {
    LOG.info("drained: {}", left.isEmpty() ? "this node leads nothing any more" : left);
    return "";
  }

  private CompletableFuture<String> handedOver() {
    var done = new CompletableFuture<String>();
    awaitNothingLed(done, HAND_OVER_LIMIT.toMillis());
    return done;
  }

  private void awaitNothingLed(CompletableFuture<String> done, long millisLeft) {
    if (leaders.leadsNothing()) {
      done.complete("");
    } else if (millisLeft <= 0) {
      done.complete("no other node has taken over yet what this one leads; it is tried on");
    } else {
      timers.schedule(
          Duration.ofMillis(HAND_OVER_PAUSE_MILLIS),
          () -> awaitNothingLed(done, millisLeft - HAND_OVER_PAUSE_MILLIS));
    }
  }

  /** Whether the cluster has other nodes; it may have had none when this one started. */
  boolean isOneOfSeveral() {
    return !system.isAlone();
  }

  /**
   * Before this node stops, another one leads: its clients' calls go on there, instead of after an
   * election. Blocks until it does, or the limit.
   */
  void handOver() {
    if (isOneOfSeveral()) {
      stopping = true;
      leaders.leave(Set.of());
      transactions.handOver();
      handedOver().completeOnTimeout("", HAND_OVER_LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
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
