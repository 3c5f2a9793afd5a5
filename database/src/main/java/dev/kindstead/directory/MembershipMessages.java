package dev.kindstead.directory;

import dev.kindstead.environment.Network;
import dev.kindstead.environment.Waiting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What nodes tell and ask each other about the cluster: text of "name: value" lines, of which
 * "message" says what it is. Thread-safe.
 */
public final class MembershipMessages implements Network.Handler {
  private static final String VERDICT = "verdict";
  private static final String SERVING = "serving";
  private static final String ROSTER = "roster";
  static final String NODE_ID = "node-id";

  private final Map<String, Network.Handler> handlers = new ConcurrentHashMap<>();

  /** Has a kind of message answered; before that it is refused. */
  public void on(String message, Network.Handler handler) {
    handlers.put(message, handler);
  }

  @Override
  public CompletableFuture<byte[]> handle(String fromNodeId, byte[] request) {
    String message = messageOf(request);
    Network.Handler handler = handlers.get(message);
    if (handler == null) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("this node does not take \"" + message + "\" now"));
    }
    return handler.handle(fromNodeId, request);
  }

  /** A request with values by their names. */
  public static byte[] request(String message, Map<String, String> values) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(Messages.MESSAGE, message);
    values.forEach((name, value) -> all.put(name, oneLine(value)));
    return Messages.encode(all);
  }

  /** A request about nodes. */
  public static byte[] about(String message, List<String> nodeIds) {
    return request(message, Map.of(NODE_ID, String.join(",", nodeIds)));
  }

  /** What a request is. */
  public static String messageOf(byte[] request) {
    return valueOf(request, Messages.MESSAGE);
  }

  /** A value of a request, empty when it has none. */
  static String valueOf(byte[] request, String name) {
    return Messages.decode(request).getOrDefault(name, "");
  }

  /** The nodes that a request is about, one at least. */
  public static List<String> nodesOf(byte[] request) {
    List<String> nodeIds = Messages.list(valueOf(request, NODE_ID));
    if (nodeIds.isEmpty()) {
      throw new IllegalArgumentException("a message about no node");
    }
    return nodeIds;
  }

  /**
   * An answer.
   *
   * @param whyNot empty when it is done
   * @param servingNodeId empty when nobody serves
   * @param roster the nodes of the cluster as the one that answers knows them, one line, or empty
   */
  public static byte[] verdict(String whyNot, String servingNodeId, String roster) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(VERDICT, oneLine(whyNot));
    values.put(SERVING, servingNodeId);
    values.put(ROSTER, oneLine(roster));
    return Messages.encode(values);
  }

  public static String verdictOf(byte[] answer) {
    String verdict = Messages.decode(answer).get(VERDICT);
    if (verdict == null) {
      throw new IllegalArgumentException("an answer without a verdict");
    }
    return verdict;
  }

  /**
   * The verdict of an answer, or why the request never left. Fails when nobody knows what became of
   * it: a handler may have failed half-way, too.
   */
  public static CompletableFuture<String> outcome(CompletableFuture<byte[]> answer) {
    return answer
        .thenApply(MembershipMessages::verdictOf)
        .exceptionallyCompose(failure ->
            Waiting.causeOf(failure) instanceof Network.NotDelivered
                ? CompletableFuture.completedFuture(Messages.reason(failure))
                : CompletableFuture.failedFuture(failure));
  }

  /** Who serves, by the word of an answer; empty when nobody does. */
  static String servingOf(byte[] answer) {
    return Messages.decode(answer).getOrDefault(SERVING, "");
  }

  /** The roster of an answer, empty when it has none. */
  static String rosterOf(byte[] answer) {
    return valueOf(answer, ROSTER);
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }
}
