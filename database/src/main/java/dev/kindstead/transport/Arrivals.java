package dev.kindstead.transport;

import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections that others have made to this node. Thread-safe.
 *
 * <p>Connections of one node take turns: a new one is opened when the handlers know that all before
 * it are gone, even if the old one's end has not been noticed yet.
 */
final class Arrivals {
  private record Turn(AcceptedConnection connection, CompletableFuture<Void> over) {}

  private final AtomicInteger accepted = new AtomicInteger();

  /** The longest here first. */
  private final LinkedHashSet<Channel> strangers = new LinkedHashSet<>();

  private final Map<String, Turn> turns = new HashMap<>();
  private final Addresses addresses;

  Arrivals(Addresses addresses) {
    this.addresses = addresses;
  }

  /**
   * One more, a stranger until {@link #recognize}. Where there are too many, the one that has been
   * silent for longest goes: a node introduces itself at once, and finds a place.
   */
  void admit(Channel channel, Warnings warnings) {
    Channel longest = null;
    synchronized (strangers) {
      if (strangers.size() == Limits.STRANGERS_MAX) {
        longest = strangers.removeFirst();
      }
      strangers.add(channel);
    }
    if (longest != null) {
      warnings.refused(longest.remoteAddress(), "too many connections without a greeting");
      longest.close();
    }
    channel.closeFuture().addListener(unused -> forget(channel));
  }

  private void forget(Channel channel) {
    synchronized (strangers) {
      strangers.remove(channel);
    }
  }

  /** It is a node's; false when there is no room for one more. */
  boolean recognize(Channel channel) {
    forget(channel);
    if (accepted.incrementAndGet() > Limits.ACCEPTED_CONNECTIONS_MAX) {
      accepted.decrementAndGet();
      return false;
    }
    channel.closeFuture().addListener(unused -> accepted.decrementAndGet());
    return true;
  }

  void learn(Greeting greeting) {
    addresses.learn(greeting);
  }

  /** Ends the node's connections so far; the answer ends when they are over. */
  CompletableFuture<Void> takeTurn(AcceptedConnection connection) {
    String nodeId = connection.nodeId();
    CompletableFuture<Void> before = CompletableFuture.completedFuture(null);
    Turn turn;
    synchronized (turns) {
      Turn last = turns.get(nodeId);
      if (last != null) {
        last.connection.supersede();
        before = last.over;
      }
      turn = new Turn(connection, CompletableFuture.allOf(before, connection.gone()));
      turns.put(nodeId, turn);
    }
    var unused = turn.over.thenRun(() -> forget(nodeId, turn));
    return before;
  }

  private void forget(String nodeId, Turn turn) {
    synchronized (turns) {
      turns.remove(nodeId, turn);
    }
  }
}
