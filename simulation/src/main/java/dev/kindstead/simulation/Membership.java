package dev.kindstead.simulation;

import dev.kindstead.directory.Admission;
import dev.kindstead.directory.MembershipMessages;
import dev.kindstead.environment.Network;
import dev.kindstead.placement.LeaderPlacement;
import dev.kindstead.placement.MemberChanges;
import dev.kindstead.placement.ReplicaPlacement;
import dev.kindstead.placement.Roster;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A node's place among others of which not all have all replicas: it asks to take part, keeps the
 * roster and moves replicas, as the product's node is wired ({@code server.Company}). Confined to
 * the scheduler's thread.
 */
final class Membership {
  /** So short that who is lost is replaced while a run goes on. */
  static final Duration REPLACE_AFTER = Duration.ofSeconds(2);

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

  /** An election is over before so many looks. */
  private static final int UNLED_LOOKS = 3;

  private final Cluster cluster;
  private final Boot boot;
  private final Transactions transactions;
  private final SimulatedNetwork network;
  private final ReplicatedLog system;
  private final Admission admission;
  private final ReplicaPlacement placement;
  private final MemberChanges changes;
  private int unled;
  private int asked;

  /** What the placement of members wants to know of this node. */
  private record Office(Transactions transactions) implements MemberChanges.Office {
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
      return Map.of();
    }

    @Override
    public Map<String, Duration> silent() {
      return Map.of();
    }
  }

  /**
   * @param logs of the shards, then the system group's
   */
  Membership(
      Cluster cluster,
      Boot boot,
      Transactions transactions,
      SimulatedNetwork network,
      Admission admission,
      List<ReplicatedLog> logs) {
    this.cluster = cluster;
    this.boot = boot;
    this.transactions = transactions;
    this.network = network;
    this.admission = admission;
    system = logs.getLast();
    List<ReplicatedLog> shards = logs.subList(0, logs.size() - 1);
    placement = new ReplicaPlacement(shards.size(), this::roster);
    String nodeId = boot.machine().nodeId();
    Machine clock = boot.machine();
    changes =
        new MemberChanges(
            system,
            shards,
            placement,
            nodeId,
            new Office(transactions),
            REPLACE_AFTER,
            clock,
            boot);
    new LeaderPlacement(
            cluster.options().setting().leaders(),
            shards,
            placement,
            () -> system.leader().or(admission::serving),
            Set::of,
            nodeId,
            clock,
            boot)
        .start();
  }

  void start() {
    var messages = new MembershipMessages();
    messages.on(Admission.JOIN, this::join);
    network.serve(Network.Service.MEMBERSHIP, messages);
    changes.start();
    follow();
  }

  private Optional<Roster> roster() {
    if (system.leader().isEmpty()) {
      return Roster.parse(admission.roster());
    }
    return Optional.of(Roster.of(system.members().voters(), transactions.nodes().values()));
  }

  private CompletableFuture<byte[]> join(String from, byte[] request) {
    if (transactions.isServing()) {
      String joining = MembershipMessages.nodesOf(request).getFirst();
      return CompletableFuture.completedFuture(
          verdict(changes.admit(joining, Admission.placeOf(request))));
    }
    String elsewhere = serving();
    return elsewhere.isEmpty() || elsewhere.equals(from)
        ? CompletableFuture.completedFuture(verdict("no node serves"))
        : network.call(elsewhere, Network.Service.MEMBERSHIP, request, ANSWER_LIMIT);
  }

  private String serving() {
    return transactions.servedBy().or(admission::serving).orElse("");
  }

  private byte[] verdict(String whyNot) {
    String node = transactions.isServing() ? boot.machine().nodeId() : serving();
    return MembershipMessages.verdict(whyNot, node, roster().map(Roster::toText).orElse(""));
  }

  /** Asks for admission as long as nobody leads this node. */
  private void follow() {
    if (system.leader().isPresent()) {
      unled = 0;
      admission.forget();
    } else if (++unled >= UNLED_LOOKS) {
      List<SimulatedNode> all = cluster.nodes();
      String other = all.get(asked++ % all.size()).nodeId();
      if (!other.equals(boot.machine().nodeId())) {
        var unused = admission.ask(other);
      }
    }
    boot.schedule(PERIOD, this::follow);
  }

  /** Where replicas of the shards belong, as this node sees it; nothing while it does not know. */
  List<Members> placed() {
    return placement.all();
  }

  /** Has a node never take part again, if it can be spared. */
  void remove(String nodeId) {
    if (transactions.isServing() && changes.whyNotRemove(nodeId).isEmpty()) {
      cluster.tell("removed: " + nodeId);
      var unused = transactions.removeNode(nodeId).thenRun(() -> cluster.hit("node removed"));
    }
  }
}
