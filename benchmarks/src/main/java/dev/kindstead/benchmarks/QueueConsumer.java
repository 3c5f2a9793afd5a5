package dev.kindstead.benchmarks;

import com.google.datastore.v1.Key;
import com.google.datastore.v1.RunQueryResponse;
import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Takes the oldest jobs of a queue, a batch at a time: a transaction that queries them and deletes
 * them. Confined to the event loop.
 */
final class QueueConsumer {
  private static final int BATCH = 100;

  /**
   * Jobs left waiting, so that a query ends before the tail. A query that reaches the tail has read
   * where the next insert goes, and serializability makes the two conflict.
   */
  private static final int BACKLOG = 1_000;

  private static final int ABORTED = 10;
  private static final long IDLE_MILLIS = 5;

  /** What was taken since the window before. Latency in microseconds, of both calls together. */
  record Window(Histogram latency, long deleted, long conflicts, long failures) {}

  private final Queue queue;
  private final GrpcConnection connection;
  private final byte[] query = Queue.oldestFirst(BATCH).toByteArray();
  private Histogram latency = new Histogram(3);
  private long deleted;
  private long conflicts;
  private long failures;
  private boolean stopped;

  QueueConsumer(Queue queue, GrpcConnection connection) {
    this.queue = queue;
    this.connection = connection;
  }

  void next() {
    if (stopped) {
      return;
    }
    if (queue.waiting() < BACKLOG + BATCH) {
      later();
      return;
    }
    long begun = System.nanoTime();
    connection.call(
        Rpc.RUN_QUERY,
        query,
        (status, answer) -> {
          if (status == 0) {
            delete(begun, answer);
          } else {
            again(status);
          }
        });
  }

  private void delete(long begun, byte[] answer) {
    RunQueryResponse response;
    try {
      response = RunQueryResponse.parseFrom(answer);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    List<Key> jobs =
        response.getBatch().getEntityResultsList().stream()
            .map(each -> each.getEntity().getKey())
            .toList();
    connection.call(
        Rpc.COMMIT,
        Queue.deletion(response.getTransaction(), jobs).toByteArray(),
        (status, nothing) -> {
          if (status == 0) {
            latency.recordValue((System.nanoTime() - begun) / 1000);
            deleted += jobs.size();
            queue.deleted(jobs.size());
          }
          again(status);
        });
  }

  private void again(int status) {
    if (status == ABORTED) {
      conflicts++;
    } else if (status != 0) {
      failures++;
    }
    later();
  }

  private void later() {
    connection.channel().eventLoop().schedule(this::next, IDLE_MILLIS, TimeUnit.MILLISECONDS);
  }

  Window window(EventLoop loop) {
    return CompletableFuture.supplyAsync(
            () -> {
              Window window = new Window(latency, deleted, conflicts, failures);
              latency = new Histogram(3);
              deleted = 0;
              conflicts = 0;
              failures = 0;
              return window;
            },
            loop)
        .join();
  }

  void stop(EventLoop loop) {
    CompletableFuture.runAsync(() -> stopped = true, loop).join();
  }
}
