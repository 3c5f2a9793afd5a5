package dev.kindstead.simulation;

import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants done, from its first call to what it knows of the outcome. What was certainly
 * not done is tried at another node; a commit whose answer is lost is repeated if it has a
 * transaction, and otherwise nobody knows.
 *
 * <p>Confined to the scheduler's thread.
 */
final class Errand {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE_MAX = Duration.ofMillis(60);

  private final World world;
  private final RandomGenerator random;
  private final String who;
  private final Consumer<Outcome> afterwards;
  private final long invoked;
  private SimulatedNode node;

  /** Null until it is sent. */
  private @Nullable CommitRequest commit;

  private boolean mayBeDone;
  private boolean over;

  /**
   * @param node to be asked first
   * @param who is named in reports
   * @param afterwards told once
   */
  Errand(
      World world,
      RandomGenerator random,
      SimulatedNode node,
      String who,
      Consumer<Outcome> afterwards) {
    this.world = world;
    this.random = random;
    this.node = node;
    this.who = who;
    this.afterwards = afterwards;
    invoked = world.scheduler().monotonicNanos();
    world.scheduler().schedule(PATIENCE, this::giveUp);
  }

  /** When it began. */
  long invoked() {
    return invoked;
  }

  /** The node to be asked next time. */
  SimulatedNode node() {
    return node;
  }

  <T> void ask(Door.Work<T> work, Consumer<T> then) {
    if (over) {
      return;
    }
    world
        .door()
        .<T>ask(
            node,
            work,
            (answer, failure) -> {
              if (over) {
                return;
              }
              if (failure != null) {
                failed(failure, () -> ask(work, then));
              } else if (answer != null) {
                then.accept(answer);
              }
            });
  }

  /** Ends it by a commit. */
  void commit(CommitRequest request, Consumer<CommitResult> then) {
    commit = request;
    ask(
        (at, _) -> at.commit(request),
        result -> {
          then.accept(result);
          end(Outcome.DONE);
        });
  }

  void end(Outcome outcome) {
    if (!over) {
      over = true;
      afterwards.accept(outcome);
    }
  }

  private void giveUp() {
    end(commit == null ? Outcome.NOT_DONE : Outcome.UNKNOWN);
  }

  private void failed(Throwable failure, Runnable again) {
    switch (failure) {
      case Door.NotServedHere elsewhere -> {
        node = world.nodeAfter(node, elsewhere.elsewhere(), random);
        later(again);
      }
      case NotDelivered unreached -> {
        node = world.someNode(random);
        later(again);
      }
      case AnswerLost lost -> {
        node = world.someNode(random);
        unheard(again);
      }
      case DatastoreException refused when commit != null && Refusals.isOfUnknownOutcome(refused) ->
          unheard(again);
      case DatastoreException refused when mayBeDone && Door.isOverSoon(refused) -> later(again);
      default -> {
        world.refusals().judge(who, failure);
        boolean isCertain = commit == null || failure instanceof DatastoreException;
        end(isCertain ? Outcome.NOT_DONE : Outcome.UNKNOWN);
      }
    }
  }

  private void unheard(Runnable again) {
    CommitRequest sent = commit;
    mayBeDone = sent != null;
    if (sent != null && sent.transaction() == null) {
      end(Outcome.UNKNOWN);
    } else {
      later(again);
    }
  }

  private void later(Runnable task) {
    world.scheduler().schedule(Duration.ofNanos(random.nextLong(PAUSE_MAX.toNanos())), task);
  }
}
