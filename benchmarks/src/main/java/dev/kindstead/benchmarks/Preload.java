package dev.kindstead.benchmarks;

import dev.kindstead.benchmarks.Workload.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Stores a dataset's first entities through the API, in batches. */
final class Preload {
  private static final int BATCH = 40;
  private static final int BATCHES_IN_FLIGHT = 16;
  private static final int PROGRESS_EVERY = 1_000_000;

  /** The status of a commit that was not applied. */
  private static final int UNAVAILABLE = 14;

  /** Batches sent again, all together. */
  private static final int REPEATED_MAX = 10_000;

  private static final long PAUSE_MILLIS = 200;

  private final Load load;
  private final Dataset data;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private int next;
  private int inFlight;
  private int repeated;

  private Preload(Load load, Dataset data) {
    this.load = load;
    this.data = data;
  }

  static void run(Load load, Dataset data) {
    Preload preload = new Preload(load, data);
    load.loop()
        .execute(() -> {
          for (int i = 0; i < BATCHES_IN_FLIGHT; i++) {
            preload.more(load.connection(i * BATCHES_IN_FLIGHT));
          }
        });
    preload.end.join();
  }

  private void more(GrpcConnection connection) {
    if (next >= data.preloaded()) {
      if (inFlight == 0) {
        end.complete(null);
      }
      return;
    }
    int first = next;
    int count = Math.min(BATCH, data.preloaded() - first);
    next += count;
    if (next / PROGRESS_EVERY > first / PROGRESS_EVERY) {
      System.out.printf("  %,d entities sent%n", next);
    }
    inFlight++;
    send(connection, data.upserts(first, count).toByteArray());
  }

  /** What was certainly not applied, since the server was busy, is sent again. */
  private void send(GrpcConnection connection, byte[] commit) {
    connection.call(
        Rpc.COMMIT,
        commit,
        (status, answer) -> {
          if (status == UNAVAILABLE && ++repeated <= REPEATED_MAX) {
            load.loop()
                .schedule(() -> send(connection, commit), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            return;
          }
          inFlight--;
          if (status != 0) {
            end.completeExceptionally(
                new IllegalStateException("preload " + Outcome.FAILED + ": status " + status));
          } else {
            more(connection);
          }
        });
  }
}
