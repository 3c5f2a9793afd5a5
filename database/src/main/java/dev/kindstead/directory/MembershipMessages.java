package dev.kindstead.directory;

import dev.kindstead.environment.Network;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What nodes tell and ask each other about the cluster: text of "name: value" lines, of which
 * "message" says what it is. Thread-safe.
 */
public final class MembershipMessages implements Network.Handler {
  private static final String VERDICT = "verdict";

  private final Map<String, Network.Handler> handlers = new ConcurrentHashMap<>();

  /** Has a kind of message answered; before that it is refused. */
  public void on(String message, Network.Handler handler) {
    handlers.put(message, handler);
  }

  @Override
  public CompletableFuture<byte[]> handle(String fromNodeId, byte[] request) {
    String message = Messages.decode(request).getOrDefault(Messages.MESSAGE, "");
    Network.Handler handler = handlers.get(message);
    if (handler == null) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("this node does not take \"" + message + "\" now"));
    }
    return handler.handle(fromNodeId, request);
  }

  /** A request about one node. */
  public static byte[] about(String message, String nodeId) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(Messages.MESSAGE, message);
    values.put("node-id", nodeId);
    return Messages.encode(values);
  }

  /** The node that such a request is about. */
  public static String nodeOf(byte[] request) {
    String nodeId = Messages.decode(request).getOrDefault("node-id", "");
    if (nodeId.isEmpty()) {
      throw new IllegalArgumentException("a message about no node");
    }
    return nodeId;
  }

  /** An answer: why not, or empty when it is done. */
  public static byte[] verdict(String whyNot) {
    return (VERDICT + ": " + whyNot.replace('\n', ' ') + "\n").getBytes(StandardCharsets.UTF_8);
  }

  public static String verdictOf(byte[] answer) {
    String verdict = Messages.decode(answer).get(VERDICT);
    if (verdict == null) {
      throw new IllegalArgumentException("an answer without a verdict");
    }
    return verdict;
  }
}
