package dev.kindstead.environment;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Carries requests between the nodes of a cluster, by node id. Thread-safe; nothing here blocks the
 * caller.
 *
 * <p>Requests of one service from one node to another reach the handler in the order in which they
 * were sent, unless the connection between the two is lost in between: then the handler hears
 * {@link Handler#disconnected} before the first request of the next connection. Answers come in any
 * order. A request reaches the handler at most once.
 */
public interface Network {
  /** Of a request, and of an answer: a log entry and its envelope fit. Larger ones are refused. */
  int PAYLOAD_BYTES_MAX = 33 << 20;

  /**
   * Sends a request; ends with the answer.
   *
   * @param request not to be written to afterwards
   * @return fails with {@link NotDelivered} when the handler certainly has not seen and will not
   *     see the request; with {@link AnswerLost} when that is open: the connection was lost, or the
   *     time was over; and with {@link Refused} when the handler failed
   */
  CompletableFuture<byte[]> call(String nodeId, Service service, byte[] request, Duration timeout);

  /** Has this node's requests of a service answered; before that they are refused. */
  void serve(Service service, Handler handler);

  /** What messages are about; each service has one handler a node. */
  enum Service {
    /** Replication: the messages of the consensus engine. */
    REPLICATION,
    /** Who is there: forming, joining, addresses, what an operator asks of a node. */
    MEMBERSHIP,
    /** API calls that another node serves. */
    CALLS,
    /** What replicas ask that read by themselves. */
    READS,
    /** What the timestamp oracle is asked. */
    TIMESTAMPS,
    /** Parts of commits, locks and reads, asked of the leaders of shards. */
    SHARDS,
    /** Rows of shards, for nodes that have no replica of them. */
    ROWS
  }

  /** Of a node that is alone: it reaches nobody. */
  Network NONE =
      new Network() {
        @Override
        public CompletableFuture<byte[]> call(
            String nodeId, Service service, byte[] request, Duration timeout) {
          return CompletableFuture.failedFuture(new NotDelivered("this node is alone"));
        }

        @Override
        public void serve(Service service, Handler handler) {}
      };

  /** Answers requests. Called on a thread of the network: must not block. */
  interface Handler {
    /** A failure is sent as its message and fails the call with {@link Refused}. */
    CompletableFuture<byte[]> handle(String fromNodeId, byte[] request);

    /**
     * The connection over which a node's requests came is gone. Ends when nothing that came over it
     * is in the way of the next connection, which waits for that.
     */
    default CompletableFuture<Void> disconnected(String fromNodeId) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** A call that has no answer. */
  abstract class CallException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CallException(String message) {
      super(message);
    }
  }

  /** The node certainly never saw the request. */
  final class NotDelivered extends CallException {
    private static final long serialVersionUID = 1;

    public NotDelivered(String message) {
      super(message);
    }
  }

  /** The node may have seen the request, or will. */
  final class AnswerLost extends CallException {
    private static final long serialVersionUID = 1;

    public AnswerLost(String message) {
      super(message);
    }
  }

  /** The node's handler failed, with this message. */
  final class Refused extends CallException {
    private static final long serialVersionUID = 1;

    public Refused(String message) {
      super(message);
    }
  }
}
