package dev.kindstead.directory;

import dev.kindstead.environment.Network;
import dev.kindstead.replication.NodePlace;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The wish of a node without a vote to take part in a cluster. It is told again and again, for who
 * has heard it keeps it in memory only; the answers say who serves, which a node without replicas
 * would not know. Thread-safe.
 */
public final class Admission {
  /** What a node tells that wants to take part. */
  public static final String JOIN = "join";

  static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

  /** A node of an earlier build takes all of it for the zone. */
  private static final String PLACE = "zone";

  private final Network network;
  private final String nodeId;
  private final NodePlace place;
  private volatile String serving = "";
  private volatile String roster = "";

  public Admission(Network network, String nodeId, NodePlace place) {
    this.network = network;
    this.nodeId = nodeId;
    this.place = place;
  }

  /** Ends with why not, or empty. */
  public CompletableFuture<String> ask(String ofNodeId) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(MembershipMessages.NODE_ID, nodeId);
    values.put(PLACE, place.toText());
    return network
        .call(
            ofNodeId,
            Network.Service.MEMBERSHIP,
            MembershipMessages.request(JOIN, values),
            ANSWER_LIMIT)
        .thenApply(answer -> {
          serving = MembershipMessages.servingOf(answer);
          roster = MembershipMessages.rosterOf(answer);
          return MembershipMessages.verdictOf(answer);
        });
  }

  /** Where the node stands that asks. */
  public static NodePlace placeOf(byte[] request) {
    return NodePlace.parse(MembershipMessages.valueOf(request, PLACE));
  }

  /** This node follows a leader and knows better. */
  public void forget() {
    serving = "";
    roster = "";
  }

  /** The nodes of the cluster by the last answer, empty when it did not tell. */
  public String roster() {
    return roster;
  }

  /** Who serves, by the last answer. */
  public Optional<String> serving() {
    return serving.isEmpty() ? Optional.empty() : Optional.of(serving);
  }
}
