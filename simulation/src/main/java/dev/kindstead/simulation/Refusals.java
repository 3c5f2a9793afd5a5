package dev.kindstead.simulation;

import dev.kindstead.environment.Network;
import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.transaction.ReadMode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a client that keeps to the rules may be told while machines fail; all else is reported.
 * Confined to the scheduler's thread.
 */
final class Refusals {
  private static final int FRAMES_MAX = 5;

  /**
   * Timestamps follow the clock of the node that hands them out, so they leap when that clock does,
   * or another one takes over whose clock is ahead. No clock drifts away further than it can jump.
   */
  private static final Duration LEAP_MAX = Machine.WALL_OFFSET_MAX.multipliedBy(4);

  private final World world;
  private final Duration retention;

  Refusals(World world, Duration retention) {
    this.world = world;
    this.retention = retention;
  }

  boolean mayBeTold(DatastoreException refusal) {
    return switch (refusal.code()) {
      case ABORTED, UNAVAILABLE, RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED -> true;
      case INTERNAL -> isOfUnknownOutcome(refusal);
      // That what it read has been forgotten meanwhile.
      case FAILED_PRECONDITION -> retention.compareTo(LEAP_MAX.plus(Attempt.PATIENCE)) < 0;
      default -> false;
    };
  }

  /** Whether a node said no, as it may; all else that is thrown is a fault of the product's. */
  static boolean isARefusal(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return cause instanceof Network.CallException
        || (cause instanceof DatastoreException refusal
            && (refusal.code() != Code.INTERNAL || isOfUnknownOutcome(refusal)));
  }

  /** Any other INTERNAL is a fault of the product's, on whichever node. */
  static boolean isOfUnknownOutcome(DatastoreException refusal) {
    return refusal.code() == Code.INTERNAL
        && String.valueOf(refusal.getMessage()).contains("outcome unknown");
  }

  /**
   * Reports a failure unless machines are to blame for it.
   *
   * @param who met it
   */
  void judge(String who, Throwable failure) {
    switch (failure) {
      case Door.NotServedHere elsewhere -> {}
      case NotDelivered unreached -> {}
      case AnswerLost lost -> {}
      case DatastoreException refused when mayBeTold(refused) -> {}
      case DatastoreException refused -> world.report(who + " was told " + refused);
      default -> world.report(who + " met " + failure + " at " + origin(failure));
    }
  }

  private static List<StackTraceElement> origin(Throwable failure) {
    return List.of(failure.getStackTrace()).stream().limit(FRAMES_MAX).toList();
  }

  /** Whether a read at a timestamp was refused because that is over for too long. */
  static boolean isTooOld(@Nullable Throwable failure) {
    return failure instanceof DatastoreException refused
        && refused.code() == Code.FAILED_PRECONDITION;
  }

  /** A strong read tells a time that was not over yet when the other one was refused. */
  void judgeTooOld(SimulatedNode node, long micros, RandomGenerator random) {
    world.hit("read refused as too old");
    var reading =
        new ListReading(
            world.shardMap(),
            new ReadMode.Strong(),
            world.someObjects(random),
            false,
            false,
            Duration.ZERO);
    world
        .door()
        .ask(
            node,
            reading,
            (answer, failure) -> {
              if (answer != null && answer.time() - micros < retention.toNanos() / 1_000) {
                world.report(
                    "a read at %d was refused as too old, and it was no later than %d"
                        .formatted(micros, answer.time()));
              }
            });
  }
}
