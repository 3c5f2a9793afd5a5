package dev.kindstead.simulation.check;

import dev.kindstead.simulation.check.RegisterOperation.CompareAndSet;
import dev.kindstead.simulation.check.RegisterOperation.Read;
import dev.kindstead.simulation.check.RegisterOperation.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the operations on each register could have happened one at a time, each between its
 * invocation and its end.
 *
 * <p>Method (Wing and Gong, with Lowe's memory of configurations): any operation that was invoked
 * before every other one's end may be the next; go on from there, and go back when none fits.
 * Configurations, what has happened and what the register then holds, are tried once. An unknown
 * operation has no end, so it never has to happen, and the search is over without it; an unknown
 * write whose effect nobody can have seen is left out, for each doubles what may have happened.
 *
 * @see <a href="https://www.cs.ox.ac.uk/people/gavin.lowe/LinearizabiltyTesting/">Lowe, Testing for
 *     linearizability</a>
 */
public final class RegisterLinearizability {
  /** Of one key; more means that the history cannot be judged, not that it is fine. */
  private static final int CONFIGURATIONS_MAX = 2_000_000;

  private final List<RegisterOperation> operations;
  private final Set<Configuration> tried = new HashSet<>();
  private BitSet furthest = new BitSet();

  /** What has happened, by the operations' places in the list, and what the register holds then. */
  private record Configuration(BitSet happened, @Nullable Long value) {}

  private RegisterLinearizability(List<RegisterOperation> operations) {
    this.operations = operations;
  }

  /** One line for each key whose operations have no such order. Registers begin absent. */
  public static List<String> anomalies(List<RegisterOperation> history) {
    Map<String, List<RegisterOperation>> byKey =
        history.stream()
            .filter(RegisterLinearizability::counts)
            .sorted(Comparator.comparingLong(RegisterOperation::invoked))
            .collect(
                Collectors.groupingBy(RegisterOperation::key, TreeMap::new, Collectors.toList()));
    List<String> anomalies = new ArrayList<>();
    byKey.forEach((key, operations) ->
        new RegisterLinearizability(withoutUnseen(operations))
            .stuck()
            .ifPresent(where -> anomalies.add("not linearizable: " + key + ", " + where)));
    return anomalies;
  }

  /** What did not happen, and reads that nobody got, say nothing. */
  private static boolean counts(RegisterOperation operation) {
    return operation.outcome() == Outcome.DONE
        || (operation.isOpen() && !(operation.call() instanceof Read));
  }

  private static List<RegisterOperation> withoutUnseen(List<RegisterOperation> operations) {
    Set<@Nullable Long> seen = new HashSet<>();
    for (RegisterOperation each : operations) {
      switch (each.call()) {
        case Read(Long value) -> seen.add(value);
        case Write _ -> {}
        case CompareAndSet(Long expected, Long _, boolean applied) -> {
          if (!each.isOpen() && !applied) {
            return operations; // it has seen that something else was there
          }
          seen.add(expected);
        }
      }
    }
    return operations.stream()
        .filter(each ->
            !(each.isOpen() && each.call() instanceof Write(Long value) && !seen.contains(value)))
        .toList();
  }

  /** Empty when there is an order. */
  private Optional<String> stuck() {
    Deque<Configuration> open = new ArrayDeque<>();
    open.push(new Configuration(new BitSet(), null));
    while (!open.isEmpty()) {
      Configuration now = open.pop();
      if (isComplete(now.happened)) {
        return Optional.empty();
      }
      if (now.happened.cardinality() > furthest.cardinality()) {
        furthest = now.happened;
      }
      if (tried.size() > CONFIGURATIONS_MAX) {
        throw new IllegalStateException("too many possibilities to judge " + operations.getFirst());
      }
      for (int next : candidates(now.happened)) {
        step(now, next).filter(tried::add).ifPresent(open::push);
      }
    }
    return Optional.of(
        "after %d of %d operations none of these can be next: %s"
            .formatted(
                furthest.cardinality(),
                operations.size(),
                candidates(furthest).stream().map(operations::get).toList()));
  }

  private boolean isComplete(BitSet happened) {
    for (int i = happened.nextClearBit(0);
        i < operations.size();
        i = happened.nextClearBit(i + 1)) {
      if (!operations.get(i).isOpen()) {
        return false;
      }
    }
    return true;
  }

  /** Those that no other one, which has not happened yet, must come before. */
  private List<Integer> candidates(BitSet happened) {
    long firstEnd = Long.MAX_VALUE;
    List<Integer> all = new ArrayList<>();
    for (int i = happened.nextClearBit(0);
        i < operations.size() && operations.get(i).invoked() <= firstEnd;
        i = happened.nextClearBit(i + 1)) {
      firstEnd = Math.min(firstEnd, operations.get(i).latest());
      all.add(i);
    }
    long end = firstEnd;
    all.removeIf(i -> operations.get(i).invoked() > end);
    return all;
  }

  /** Empty when the operation's answer does not fit what the register holds. */
  private Optional<Configuration> step(Configuration now, int next) {
    RegisterOperation operation = operations.get(next);
    return switch (operation.call()) {
      case Read(Long value) ->
          Objects.equals(value, now.value) ? after(now, next, now.value) : Optional.empty();
      case Write(Long value) -> after(now, next, value);
      case CompareAndSet(Long expected, Long value, boolean applied) -> {
        boolean applies = Objects.equals(expected, now.value);
        yield operation.isOpen() || applies == applied
            ? after(now, next, applies ? value : now.value)
            : Optional.empty();
      }
    };
  }

  private static Optional<Configuration> after(Configuration now, int next, @Nullable Long value) {
    BitSet happened = (BitSet) now.happened.clone();
    happened.set(next);
    return Optional.of(new Configuration(happened, value));
  }
}
