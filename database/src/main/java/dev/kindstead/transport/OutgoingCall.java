package dev.kindstead.transport;

import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.environment.Network.Refused;
import dev.kindstead.environment.Network.Service;
import java.util.concurrent.CompletableFuture;

/**
 * A request and what became of it. It is in one place at a time (a queue, waiting for a connection,
 * outstanding), and who takes it out of its last place ends it by one of the methods here, once.
 *
 * @param deadlineNanos on the monotonic clock
 */
record OutgoingCall(
    Service service,
    byte[] request,
    long deadlineNanos,
    Backlog backlog,
    CompletableFuture<byte[]> answer) {

  void answered(byte[] bytes) {
    backlog.ended();
    answer.complete(bytes);
  }

  void refused(String message) {
    backlog.ended();
    answer.completeExceptionally(new Refused(message));
  }

  /** It was given to a connection. */
  void lost(String message) {
    backlog.ended();
    answer.completeExceptionally(new AnswerLost(message));
  }

  /** It was never given to a connection. */
  void undelivered(String message) {
    backlog.left(request.length);
    backlog.ended();
    answer.completeExceptionally(new NotDelivered(message));
  }
}
