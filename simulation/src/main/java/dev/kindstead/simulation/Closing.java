package dev.kindstead.simulation;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Mutation;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import dev.kindstead.transaction.Transactions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A write to all lists at once that changes none: it goes through once nobody holds any of them.
 * Confined to the scheduler's thread.
 */
final class Closing {
  private final Supplier<@Nullable CompletableFuture<CommitResult>> write;
  private @Nullable CompletableFuture<CommitResult> last;

  /**
   * @param write begins the write; null where nobody serves
   */
  Closing(Supplier<@Nullable CompletableFuture<CommitResult>> write) {
    this.write = write;
  }

  static Closing of(World world) {
    return new Closing(() -> {
      SimulatedNode serving = world.cluster().serving();
      Transactions there = serving == null ? null : serving.transactions();
      List<Mutation> all = world.objects().stream().map(Closing::touch).toList();
      return there == null
          ? null
          : there.commit(new CommitRequest(Lists.DATABASE, null, true, all));
    });
  }

  /** Whether it has gone through; tries again if not. */
  boolean isDone() {
    CompletableFuture<CommitResult> tried = last;
    if (tried != null && !tried.isDone()) {
      return false;
    }
    if (tried != null && !tried.isCompletedExceptionally()) {
      return true;
    }
    CompletableFuture<CommitResult> next = write.get();
    last = next == null ? tried : next;
    return false;
  }

  private static Mutation touch(String object) {
    return new Mutation(
        Mutation.Operation.UPSERT,
        Lists.key(object),
        new Entity(Lists.key(object), Map.of()),
        Mutation.NoDetection.NONE,
        Mutation.Resolution.FAIL,
        List.of(),
        List.of());
  }

  @Override
  public String toString() {
    CompletableFuture<CommitResult> tried = last;
    return tried != null && tried.isCompletedExceptionally()
        ? tried.exceptionNow().toString()
        : String.valueOf(tried);
  }
}
