package dev.kindstead.simulation;

import dev.kindstead.model.Mutation;
import dev.kindstead.simulation.History.Ending;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Deletes lists that clients append to no more, so that a long life does not make ever longer ones:
 * each transaction reads a few of them and deletes what it has read. So the state that it read is
 * the last one of those lists, by which everything else is judged, and none of them may come back.
 *
 * <p>Confined to the scheduler's thread.
 */
final class Sweeper {
  /** Longer than any attempt on a list that it has found, and what that one may leave behind. */
  private static final Duration UNTOUCHED = Attempt.PATIENCE.multipliedBy(6);

  private static final Duration PAUSE_MAX = Duration.ofSeconds(2);
  private static final int LISTS_AT_ONCE_MAX = 5;

  private final World world;
  private final RandomGenerator random;
  private final ArrayDeque<List<String>> waiting = new ArrayDeque<>();

  /** What was in lists when they were deleted, by a commit that perhaps was not done. */
  private final Map<String, List<Integer>> tried = new TreeMap<>();

  private final Map<String, List<Integer>> swept = new TreeMap<>();
  private boolean busy;
  private boolean stopping;

  Sweeper(World world, RandomGenerator random) {
    this.world = world;
    this.random = random;
  }

  /** Nobody begins anything with these lists any more. */
  void retire(List<String> lists) {
    world
        .scheduler()
        .schedule(
            UNTOUCHED,
            () -> {
              for (int i = 0; i < lists.size() && !stopping; i += LISTS_AT_ONCE_MAX) {
                waiting.add(lists.subList(i, Math.min(lists.size(), i + LISTS_AT_ONCE_MAX)));
              }
              begin();
            });
  }

  /** Ends what it has begun, and nothing more. */
  void stop() {
    stopping = true;
    while (waiting.size() > 1) {
      waiting.removeLast();
    }
  }

  boolean isIdle() {
    return waiting.isEmpty();
  }

  /** The last state of each list that is not there any more. */
  Map<String, List<Integer>> swept() {
    return swept;
  }

  private void begin() {
    List<String> lists = waiting.peek();
    if (busy || lists == null) {
      return;
    }
    busy = true;
    SimulatedNode node = world.servingNode(random);
    long invoked = world.scheduler().monotonicNanos();
    var mode = new ReadMode.InNewTransaction(new TransactionOptions.ReadWrite(null));
    var reading = new ListReading(world.shardMap(), mode, lists, false, false, Duration.ZERO);
    world
        .door()
        .ask(
            node,
            reading,
            (answer, failure) -> {
              if (failure != null) {
                world.refusals().judge("who reads lists to delete", failure);
              }
              if (answer == null) {
                again();
              } else {
                delete(node, invoked, lists, answer);
              }
            });
  }

  private void delete(
      SimulatedNode node, long invoked, List<String> lists, ListReading.Answer read) {
    var deletions = new ArrayList<Mutation>();
    read.lists()
        .forEach((list, elements) -> {
          if (!elements.isEmpty()) {
            deletions.add(Lists.delete(list));
            tried.put(list, elements);
          }
        });
    if (deletions.isEmpty()) {
      lists.forEach(list -> swept.put(list, tried.getOrDefault(list, List.of())));
      waiting.remove();
      again();
      return;
    }
    var commit = new CommitRequest(Lists.DATABASE, read.begun(), true, deletions);
    world
        .door()
        .<CommitResult>ask(
            node,
            (at, timers) -> at.commit(commit),
            (result, failure) -> {
              if (failure != null) {
                world.refusals().judge("who deletes lists", failure);
              }
              committed(invoked, read, result);
            });
  }

  /** The next transaction finds nothing more to delete, or what is still there. */
  private void committed(long invoked, ListReading.Answer read, @Nullable CommitResult result) {
    if (result != null) {
      world.hit("lists deleted");
      world.ended(
          new History.Transaction(
              world.nextTransactionId(),
              invoked,
              world.scheduler().monotonicNanos(),
              Ending.COMMITTED,
              new TreeMap<>(read.lists()),
              Map.of()));
    }
    again();
  }

  private void again() {
    busy = false;
    world.scheduler().schedule(Duration.ofNanos(random.nextLong(PAUSE_MAX.toNanos())), this::begin);
  }
}
