package dev.kindstead.server;

import dev.kindstead.directory.Admission;
import dev.kindstead.directory.MembershipMessages;
import dev.kindstead.directory.MissingMajority;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.directory.Removal;
import dev.kindstead.directory.Survey;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import dev.kindstead.environment.Waiting;
import dev.kindstead.model.NotServedException;
import dev.kindstead.placement.MemberChanges;
import dev.kindstead.placement.Roster;
import dev.kindstead.protocol.ServingNode;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * What nodes and operators ask about who takes part. What changes members is done by the node that
 * serves, whichever was asked; what is about a node's own work, by that node.
 *
 * <p>Thread-safe; nothing blocks.
 */
final class NodeRequests {
  static final String REMOVE = "remove";
  static final String ADD = "add";
  static final String DRAIN = "drain";

  /** Who serves may have to hand over first, and the next one to hear who is there. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(8);

  /** All in all; less than commands wait for. Later nobody hears what came of it. */
  private static final Duration OUTCOME_LIMIT = Duration.ofSeconds(20);

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final int PAUSES_MAX = 15;

  /** Nodes that have just started answer a moment later; each time may take two seconds. */
  private static final int SURVEYS_MAX = 3;

  private static final String NOBODY_SERVES =
      "no node of the cluster serves now, so nothing was done: try again";

  /** A number is a node's in tables and on the command line only. */
  private static final String NOBODY_CALLED =
      "no node is called %s, and nothing was done: `kindstead node list` shows the ids";

  private final Network network;
  private final NodeIdentity identity;
  private final Transactions transactions;
  private final MemberChanges changes;
  private final Survey survey;
  private final List<String> groups;
  private final ServingNode serving;
  private final Supplier<Optional<Roster>> roster;
  private final Supplier<CompletableFuture<String>> drain;
  private final Timers timers;

  /** The node that is being removed through this one, empty for none. */
  private final AtomicReference<String> removing = new AtomicReference<>("");

  /**
   * @param groups names of all replica groups
   * @param roster the nodes of the cluster, as far as this one knows
   * @param drain stops this node from serving; ends with why not, or empty
   */
  NodeRequests(
      Network network,
      NodeIdentity identity,
      Transactions transactions,
      MemberChanges changes,
      Survey survey,
      List<String> groups,
      ServingNode serving,
      Supplier<Optional<Roster>> roster,
      Supplier<CompletableFuture<String>> drain,
      Timers timers) {
    this.network = network;
    this.identity = identity;
    this.transactions = transactions;
    this.changes = changes;
    this.survey = survey;
    this.groups = groups;
    this.serving = serving;
    this.roster = roster;
    this.drain = drain;
    this.timers = timers;
  }

  void serve(MembershipMessages messages) {
    messages.on(Admission.JOIN, this::atTheServingNode);
    messages.on(REMOVE, this::atTheServingNode);
    messages.on(ADD, this::atTheServingNode);
    messages.on(DRAIN, (from, message) -> drain.get().thenApply(this::verdict));
  }

  /** Ends with why not, or empty; fails when nobody knows whether it was done. */
  CompletableFuture<String> act(String action, List<String> nodeIds) {
    byte[] message = MembershipMessages.about(action, nodeIds);
    CompletableFuture<byte[]> answer =
        switch (action) {
          case REMOVE, ADD ->
              atTheServingNode(identity.nodeId(), message).exceptionallyCompose(this::notReached);
          case DRAIN ->
              nodeIds.getFirst().equals(identity.nodeId())
                  ? drain.get().thenApply(this::verdict)
                  : call(nodeIds.getFirst(), message);
          default -> CompletableFuture.completedFuture(verdict("nothing is called " + action));
        };
    return MembershipMessages.outcome(answer)
        .thenCompose(this::explained)
        .orTimeout(OUTCOME_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Who was known to serve may have died. */
  private CompletableFuture<byte[]> notReached(Throwable failure) {
    return notDone(failure).thenApply(this::verdict);
  }

  /** To try again is no help where too few are there. */
  private CompletableFuture<String> explained(String whyNot) {
    return whyNot.equals(NOBODY_SERVES)
        ? survey
            .ask()
            .thenApply(cluster -> {
              String missing = new MissingMajority(cluster).whyNot();
              return missing.isEmpty() ? NOBODY_SERVES : missing;
            })
        : CompletableFuture.completedFuture(whyNot);
  }

  private CompletableFuture<byte[]> call(String nodeId, byte[] message) {
    return network.call(nodeId, Network.Service.MEMBERSHIP, message, ANSWER_LIMIT);
  }

  private CompletableFuture<byte[]> atTheServingNode(String from, byte[] message) {
    if (serving.isHere()) {
      return done(message).exceptionallyCompose(NodeRequests::notDone).thenApply(this::verdict);
    }
    String elsewhere = serving.elsewhere().orElse("");
    return elsewhere.isEmpty() || elsewhere.equals(from)
        ? CompletableFuture.completedFuture(verdict(NOBODY_SERVES))
        : call(elsewhere, message);
  }

  /** Of what else fails nobody knows. */
  private static CompletableFuture<String> notDone(Throwable failure) {
    Throwable cause = Waiting.causeOf(failure);
    return cause instanceof NotServedException || cause instanceof Network.NotDelivered
        ? CompletableFuture.completedFuture(NOBODY_SERVES)
        : CompletableFuture.failedFuture(failure);
  }

  private byte[] verdict(String whyNot) {
    String node = serving.isHere() ? identity.nodeId() : serving.elsewhere().orElse("");
    String known = roster.get().map(Roster::toText).orElse("");
    return MembershipMessages.verdict(whyNot, node, known);
  }

  private CompletableFuture<String> done(byte[] message) {
    List<String> nodeIds = MembershipMessages.nodesOf(message);
    String action = MembershipMessages.messageOf(message);
    Optional<String> unknown = nodeIds.stream().filter(each -> !changes.isKnown(each)).findFirst();
    if (unknown.isPresent() && !action.equals(Admission.JOIN)) {
      return CompletableFuture.completedFuture(NOBODY_CALLED.formatted(unknown.get()));
    }
    return switch (action) {
      case REMOVE -> removeAlone(nodeIds.getFirst(), message);
      case ADD -> CompletableFuture.completedFuture(changes.wish(Set.copyOf(nodeIds)));
      default ->
          CompletableFuture.completedFuture(
              changes.admit(nodeIds.getFirst(), Admission.placeOf(message)));
    };
  }

  /** Two at a time would each count on the other. */
  private CompletableFuture<String> removeAlone(String nodeId, byte[] message) {
    if (!removing.compareAndSet("", nodeId)) {
      return CompletableFuture.completedFuture(
          "node %s is being removed at this moment: try again".formatted(removing.get()));
    }
    return remove(nodeId, message, PAUSES_MAX).whenComplete((_, _) -> removing.set(""));
  }

  /** A node that has just begun to serve does not know yet who could take a place. */
  private CompletableFuture<String> remove(String nodeId, byte[] message, int pausesLeft) {
    String whyNot = changes.whyNotRemove(nodeId);
    if (!whyNot.isEmpty()) {
      return pausesLeft > 0
          ? pause().thenCompose(_ -> remove(nodeId, message, pausesLeft - 1))
          : CompletableFuture.completedFuture(whyNot);
    }
    return whyNotByAll(nodeId, SURVEYS_MAX)
        .thenCompose(why ->
            why.isEmpty() ? removeNow(nodeId, message) : CompletableFuture.completedFuture(why));
  }

  private CompletableFuture<String> whyNotByAll(String nodeId, int surveysLeft) {
    return survey
        .ask()
        .thenCompose(cluster -> {
          String why = new Removal(cluster, transactions.removedNodes(), nodeId).whyNot(groups);
          return why.isEmpty() || surveysLeft <= 1
              ? CompletableFuture.completedFuture(why)
              : pause().thenCompose(_ -> whyNotByAll(nodeId, surveysLeft - 1));
        });
  }

  private CompletableFuture<String> removeNow(String nodeId, byte[] message) {
    if (nodeId.equals(identity.nodeId())) {
      transactions.handOver();
      return removeElsewhere(message, PAUSES_MAX);
    }
    return transactions.removeNode(nodeId).thenApply(_ -> "");
  }

  /** Nobody removes itself: another one has to serve. */
  private CompletableFuture<String> removeElsewhere(byte[] message, int pausesLeft) {
    String elsewhere = serving.elsewhere().orElse("");
    CompletableFuture<String> asked =
        serving.isHere() || elsewhere.isEmpty()
            ? CompletableFuture.completedFuture(NOBODY_SERVES)
            : call(elsewhere, message).thenApply(MembershipMessages::verdictOf);
    return asked.thenCompose(whyNot ->
        whyNot.equals(NOBODY_SERVES) && pausesLeft > 0
            ? pause().thenCompose(_ -> removeElsewhere(message, pausesLeft - 1))
            : asked);
  }

  private CompletableFuture<Void> pause() {
    var over = new CompletableFuture<Void>();
    timers.schedule(PAUSE, () -> over.complete(null));
    return over;
  }
}
