package dev.kindstead.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.simulation.check.RegisterOperation.Call;
import dev.kindstead.simulation.check.RegisterOperation.CompareAndSet;
import dev.kindstead.simulation.check.RegisterOperation.Read;
import dev.kindstead.simulation.check.RegisterOperation.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Anomalies of registers are found, and what is possible is not taken for one. */
final class RegisterAnomalyTest {
  private static RegisterOperation done(long invoked, long ended, Call call) {
    return new RegisterOperation("k", 1, invoked, ended, Outcome.DONE, call);
  }

  private static RegisterOperation unknown(long invoked, Call call) {
    return new RegisterOperation("k", 2, invoked, 0, Outcome.UNKNOWN, call);
  }

  private static Write write(long value) {
    return new Write(value);
  }

  private static Read read(@Nullable Long value) {
    return new Read(value);
  }

  private static boolean isFine(RegisterOperation... operations) {
    return RegisterLinearizability.anomalies(List.of(operations)).isEmpty();
  }

  @Test
  void staleRead() {
    assertThat(isFine(done(1, 2, write(1)), done(3, 4, write(2)), done(5, 6, read(1L)))).isFalse();
    assertThat(isFine(done(1, 2, write(1)), done(3, 6, write(2)), done(5, 7, read(1L)))).isTrue();
  }

  @Test
  void readThatGoesBack() {
    var slow = done(1, 9, write(1));
    assertThat(isFine(slow, done(2, 3, read(1L)), done(4, 5, read(null)))).isFalse();
    assertThat(isFine(slow, done(2, 3, read(null)), done(4, 5, read(1L)))).isTrue();
  }

  @Test
  void lostUpdate() {
    var first = done(1, 5, new CompareAndSet(null, 1L, true));
    var second = done(2, 6, new CompareAndSet(null, 2L, true));
    assertThat(isFine(first, second)).isFalse();
    assertThat(isFine(first, done(2, 6, new CompareAndSet(null, 2L, false)))).isTrue();
  }

  @Test
  void whatFailedIsNotRead() {
    var failed = new RegisterOperation("k", 1, 1, 2, Outcome.NOT_DONE, write(1));
    assertThat(isFine(failed, done(3, 4, read(1L)))).isFalse();
    assertThat(isFine(failed, done(3, 4, read(null)))).isTrue();
  }

  @Test
  void anUnknownWriteMayHappenLateOrNever() {
    var unknown = unknown(1, write(1));
    assertThat(isFine(unknown, done(100, 101, read(null)))).isTrue();
    assertThat(isFine(unknown, done(100, 101, read(null)), done(102, 103, read(1L)))).isTrue();
    assertThat(
            isFine(
                unknown,
                done(100, 101, read(1L)),
                done(102, 103, write(2)),
                done(104, 105, read(1L))))
        .isFalse();
    assertThat(isFine(done(1, 2, read(1L)), unknown(3, write(1)))).isFalse();
  }

  @Test
  void keysAreApart() {
    var other = new RegisterOperation("other", 1, 1, 2, Outcome.DONE, write(7));
    assertThat(RegisterLinearizability.anomalies(List.of(other, done(3, 4, read(7L)))))
        .hasSize(1)
        .first()
        .asString()
        .contains("k, after 0 of 1");
  }

  /** The same verdict as trying every order of every choice of unknown operations. */
  @Test
  void agreesWithTryingEverything() {
    var random = new SplittableRandom(20_261_128);
    int refused = 0;
    for (int round = 0; round < 3_000; round++) {
      List<RegisterOperation> history = history(random, 1 + random.nextInt(6));
      boolean possible = isPossible(history, new ArrayList<>());
      refused += possible ? 0 : 1;
      assertThat(RegisterLinearizability.anomalies(history).isEmpty())
          .as("round %d: %s", round, history)
          .isEqualTo(possible);
    }
    assertThat(refused).isBetween(300, 2_700);
  }

  /** A real register's history is long, and judged all the same. */
  @Test
  void aLongHistoryWithManyUnknownsIsJudged() {
    var random = new SplittableRandom(7);
    List<RegisterOperation> history = new ArrayList<>();
    Long held = null;
    for (int i = 0; i < 2_000; i++) {
      long at = 10L * i;
      switch (random.nextInt(10)) {
        case 0 -> {
          boolean happens = i % 200 == 0;
          held = happens ? Long.valueOf(i) : held;
          history.add(unknown(at, write(i)));
        }
        case 1, 2, 3 -> {
          held = (long) i;
          history.add(done(at - random.nextInt(15), at + random.nextInt(15), write(i)));
        }
        default -> history.add(done(at - random.nextInt(15), at + random.nextInt(15), read(held)));
      }
    }
    assertThat(RegisterLinearizability.anomalies(history)).isEmpty();
  }

  private static List<RegisterOperation> history(SplittableRandom random, int operations) {
    List<RegisterOperation> history = new ArrayList<>();
    for (int i = 0; i < operations; i++) {
      Long one = value(random);
      Call call =
          switch (random.nextInt(3)) {
            case 0 -> new Read(one);
            case 1 -> new Write(one);
            default -> new CompareAndSet(one, value(random), random.nextBoolean());
          };
      long invoked = random.nextInt(8);
      Outcome outcome = Outcome.values()[random.nextInt(5) / 2];
      history.add(
          new RegisterOperation("k", i, invoked, invoked + random.nextInt(5), outcome, call));
    }
    return history;
  }

  private static @Nullable Long value(SplittableRandom random) {
    int value = random.nextInt(3);
    return value == 0 ? null : Long.valueOf(value);
  }

  private static boolean isPossible(
      List<RegisterOperation> left, List<RegisterOperation> happened) {
    boolean isComplete = left.stream().allMatch(each -> each.outcome() != Outcome.DONE);
    if (isComplete && answersFit(happened)) {
      return true;
    }
    for (RegisterOperation next : left) {
      boolean waits =
          left.stream()
              .anyMatch(each ->
                  each != next && each.outcome() == Outcome.DONE && each.ended() < next.invoked());
      if (!waits && next.outcome() != Outcome.NOT_DONE) {
        List<RegisterOperation> rest = new ArrayList<>(left);
        rest.remove(next);
        List<RegisterOperation> longer = new ArrayList<>(happened);
        longer.add(next);
        if (isPossible(rest, longer)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean answersFit(List<RegisterOperation> order) {
    Long held = null;
    for (RegisterOperation each : order) {
      boolean isKnown = each.outcome() == Outcome.DONE;
      switch (each.call()) {
        case Read(Long value) -> {
          if (isKnown && !Objects.equals(value, held)) {
            return false;
          }
        }
        case Write(Long value) -> held = value;
        case CompareAndSet(Long expected, Long value, boolean applied) -> {
          boolean applies = Objects.equals(expected, held);
          if (isKnown && applies != applied) {
            return false;
          }
          held = applies ? value : held;
        }
      }
    }
    return true;
  }
}
