package dev.kindstead.benchmarks;

import dev.kindstead.benchmarks.Workload.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Stores entities through the API, in batches. */
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
  private final int entities;
  private final Upserts upserts;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private int next;
  private int inFlight;
  private int repeated;

  /** Makes the commit that stores some entities. */
  interface Upserts {
    byte[] commit(int first, int count);
  }

  private Preload(Load load, int entities, Upserts upserts) {
    this.load = load;
    this.entities = entities;
    this.upserts = upserts;
  }

  static void run(Load load, Dataset data) {
    run(load, data.preloaded(), (first, count) -> data.upserts(first, count).toByteArray());
  }

  /** The same for other entities. */
  static void run(Load load, int entities, Upserts upserts) {
    Preload preload = new Preload(load, entities, upserts);
    load.loop()
        .execute(() -> {
          for (int i = 0; i < BATCHES_IN_FLIGHT; i++) {
            preload.more(load.connection(i * BATCHES_IN_FLIGHT));
          }
        });
    preload.end.join();
  }

  private void more(GrpcConnection connection) {
    if (next >= entities) {
      if (inFlight == 0) {
        end.complete(null);
      }
      return;
    }
    int first = next;
    int count = Math.min(BATCH, entities - first);
    next += count;
    if (next / PROGRESS_EVERY > first / PROGRESS_EVERY) {
      System.out.printf("  %,d entities sent%n", next);
    }
    inFlight++;
    send(connection, upserts.commit(first, count));
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
