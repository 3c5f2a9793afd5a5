package dev.kindstead.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.check.RegisterTransaction.Held;
import dev.kindstead.simulation.check.RegisterTransaction.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The judge of transactions over registers says what trying every order of every choice of unknown
 * ones says: the same where all versions are known; where they are not, what it finds is
 * impossible.
 */
final class EveryOrderTriedTest {
  private static final List<String> KEYS = List.of("x", "y");
  private static final int ROUNDS = 4_000;

  @Test
  void withVersionsTheVerdictIsTheSame() {
    var random = new SplittableRandom(20_261_129);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<RegisterTransaction> history = history(random, 1 + random.nextInt(5), true);
      boolean possible = isPossible(history, new ArrayList<>());
      refused += possible ? 0 : 1;
      assertThat(RegisterSerializability.anomalies(history).isEmpty())
          .as("round %d: %s", round, history)
          .isEqualTo(possible);
    }
    assertThat(refused).isBetween(ROUNDS / 10, ROUNDS * 9 / 10);
  }

  @Test
  void withoutVersionsNothingPossibleIsRefused() {
    var random = new SplittableRandom(7);
    int missed = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<RegisterTransaction> history = history(random, 1 + random.nextInt(5), false);
      boolean possible = isPossible(history, new ArrayList<>());
      List<String> anomalies = RegisterSerializability.anomalies(history);
      if (possible) {
        assertThat(anomalies).as("round %d: %s", round, history).isEmpty();
      }
      refused += possible ? 0 : 1;
      missed += possible || !anomalies.isEmpty() ? 0 : 1;
    }
    assertThat(missed).as("of %d", refused).isLessThan(refused / 10);
  }

  private static List<RegisterTransaction> history(
      SplittableRandom random, int transactions, boolean versions) {
    List<RegisterTransaction> history = new ArrayList<>();
    for (int i = 0; i < transactions; i++) {
      Map<String, Held> reads = new TreeMap<>();
      Map<String, Written> writes = new TreeMap<>();
      for (String key : KEYS) {
        // Values of which some were written, in that order or another.
        long value = random.nextInt(transactions + 1);
        if (random.nextBoolean()) {
          reads.put(
              key, value == transactions ? Held.ABSENT : new Held(value, versions ? 1 + value : 0));
        }
        if (random.nextInt(3) == 0) {
          writes.put(key, new Written(List.of((long) i), versions ? 1 + i : 0));
        }
      }
      long invoked = random.nextInt(8);
      Outcome outcome = Outcome.values()[random.nextInt(9) / 4];
      history.add(
          new RegisterTransaction(i, invoked, invoked + random.nextInt(6), outcome, reads, writes));
    }
    return history;
  }

  private static boolean isPossible(
      List<RegisterTransaction> left, List<RegisterTransaction> happened) {
    if (!answersFit(happened)) {
      return false;
    }
    if (left.stream().allMatch(each -> each.outcome() != Outcome.DONE)) {
      return true;
    }
    for (RegisterTransaction next : left) {
      boolean waits =
          left.stream()
              .anyMatch(each ->
                  each != next && each.outcome() == Outcome.DONE && each.ended() < next.invoked());
      if (!waits && next.outcome() != Outcome.NOT_DONE) {
        List<RegisterTransaction> rest = new ArrayList<>(left);
        rest.remove(next);
        List<RegisterTransaction> longer = new ArrayList<>(happened);
        longer.add(next);
        if (isPossible(rest, longer)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Every read shows what was written last, and versions grow. */
  private static boolean answersFit(List<RegisterTransaction> order) {
    Map<String, Held> state = new TreeMap<>();
    for (RegisterTransaction each : order) {
      for (var read : each.reads().entrySet()) {
        Held held = state.getOrDefault(read.getKey(), Held.ABSENT);
        if (!Objects.equals(held.value(), read.getValue().value())) {
          return false;
        }
      }
      for (var write : each.writes().entrySet()) {
        long version = write.getValue().version();
        Held before = state.getOrDefault(write.getKey(), Held.ABSENT);
        if (version > 0 && before.version() > version) {
          return false;
        }
        state.put(write.getKey(), new Held(write.getValue().last(), version));
      }
    }
    return true;
  }
}
