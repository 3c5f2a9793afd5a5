package dev.kindstead.simulation;

import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.NotServedException;
import dev.kindstead.service.RunQuery;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How clients reach nodes. Clients are not cut off from any node, but an answer may be lost, and
 * who asks a node that is paused waits until it is not.
 *
 * <p>Confined to the scheduler's thread.
 */
final class Door {
  private static final Duration DELAY_MAX = Duration.ofMillis(2);
  private static final Duration NOTICED_MAX = Duration.ofMillis(50);
  private static final Duration CALL_LIMIT_MAX = Duration.ofSeconds(6);

  /** One answer in so many is lost. */
  private static final int LOST_IN = 60;

  private final Scheduler scheduler;
  private final RandomGenerator random;
  private boolean nasty;

  /** What is asked of a node; runs in its process. */
  interface Work<T> {
    CompletableFuture<T> at(Transactions node, Boot process);
  }

  /** The node did nothing, for another one serves. */
  static final class NotServedHere extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String elsewhere;

    NotServedHere(Optional<String> elsewhere) {
      super("not served");
      this.elsewhere = elsewhere.orElse("");
    }

    /** The node that serves by this one's word; empty when it knows of none. */
    String elsewhere() {
      return elsewhere;
    }
  }

  Door(Scheduler scheduler, RandomGenerator random, boolean nasty) {
    this.scheduler = scheduler;
    this.random = random;
    this.nasty = nasty;
  }

  /** Whether another attempt may be answered; of attempts before, it says nothing. */
  static boolean isOverSoon(DatastoreException refusal) {
    return refusal.code() == Code.UNAVAILABLE || refusal.code() == Code.RESOURCE_EXHAUSTED;
  }

  /** From now on it only delays. */
  void heal() {
    nasty = false;
  }

  /**
   * Asks a node.
   *
   * @param answered told the answer, or a DatastoreException of the node, {@link NotServedHere},
   *     {@link NotDelivered} or {@link AnswerLost}; exactly once
   */
  <T> void ask(
      SimulatedNode node, Work<T> work, BiConsumer<@Nullable T, @Nullable Throwable> answered) {
    var call = new Call<>(answered);
    long limit = Duration.ofSeconds(1).toNanos() + random.nextLong(CALL_LIMIT_MAX.toNanos());
    scheduler.schedule(
        Duration.ofNanos(limit), () -> call.end(null, new AnswerLost("the time was over")));
    after(DELAY_MAX, () -> arrive(node, work, call));
  }

  private <T> void arrive(SimulatedNode node, Work<T> work, Call<T> call) {
    Transactions transactions = node.transactions();
    SimulatedNetwork network = node.network();
    if (transactions == null || network == null) {
      after(NOTICED_MAX, () -> call.end(null, new NotDelivered(node + " is down")));
      return;
    }
    Boot boot = network.boot();
    boot.atDeath(
        () -> after(NOTICED_MAX, () -> call.end(null, new AnswerLost(node + " has died"))));
    boot.run(() -> {
      if (!call.ended && !node.isMember()) {
        answer(transactions, call, null, new NotServedException("without a vote"));
      } else if (!call.ended) {
        var unused =
            work.at(transactions, boot)
                .whenComplete((answer, failure) -> {
                  if (call.ended && answer != null && boot.isAlive()) {
                    unheard(transactions, answer);
                  } else if (boot.isAlive()) {
                    answer(transactions, call, answer, failure);
                  }
                });
      }
    });
  }

  /** The client's time was over before it was done, as the node knows. */
  private static void unheard(Transactions node, Object answer) {
    TransactionId begun =
        switch (answer) {
          case TransactionId id -> id;
          case ListReading.Answer read -> read.begun();
          case FigureReading.Answer read -> read.begun();
          case RunQuery.Response read -> read.newTransaction();
          default -> null;
        };
    if (begun != null) {
      var unused = node.rollback(begun);
    }
  }

  private <T> void answer(
      Transactions node, Call<T> call, @Nullable T answer, @Nullable Throwable failure) {
    if (nasty && random.nextInt(LOST_IN) == 0) {
      after(NOTICED_MAX, () -> call.end(null, new AnswerLost("the connection was lost")));
      return;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    Throwable told =
        cause instanceof NotServedException ? new NotServedHere(node.servedBy()) : cause;
    after(DELAY_MAX, () -> call.end(answer, told));
  }

  private void after(Duration delayMax, Runnable task) {
    scheduler.schedule(Duration.ofNanos(random.nextLong(delayMax.toNanos())), task);
  }

  private static final class Call<T> {
    final BiConsumer<@Nullable T, @Nullable Throwable> answered;
    boolean ended;

    Call(BiConsumer<@Nullable T, @Nullable Throwable> answered) {
      this.answered = answered;
    }

    void end(@Nullable T answer, @Nullable Throwable failure) {
      if (!ended) {
        ended = true;
        answered.accept(answer, failure);
      }
    }
  }
}
