package dev.kindstead.faults;

import dev.kindstead.faults.fault.FaultKind;
import dev.kindstead.faults.fault.FaultKind.Scope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Which faults, alone or in pairs, one after the other: the same for the same seed and kinds. Every
 * kind comes up once before any does again; light ones come up beside that, while the node of
 * another one starts. Confined to one thread.
 */
final class Schedule {
  private static final int HOLD_MILLIS_MIN = 500;
  private static final int HOLD_MILLIS_SPAN = 3_500;
  private static final int PAUSE_MILLIS_MIN = 100;
  private static final int PAUSE_MILLIS_SPAN = 500;
  private static final int COMPANIONS = 2;

  /** Of ten; as many as this are pairs, where the first one allows it. */
  private static final int PAIRS = 5;

  private final Random random;
  private final List<FaultKind> kinds;
  private final List<FaultKind> light;
  private final Deque<FaultKind> deck = new ArrayDeque<>();
  private final Deque<FaultKind> lightDeck = new ArrayDeque<>();

  /**
   * What happens at one time.
   *
   * @param kinds one or two; the second one befalls another node
   * @param companions happen one after the other, on a further node, while the first one starts
   * @param servingIsVictim whether the first one befalls the node that serves, or any
   * @param seed for what else there is to choose
   */
  record Slot(
      List<FaultKind> kinds,
      List<FaultKind> companions,
      boolean servingIsVictim,
      Duration hold,
      Duration pause,
      long seed) {}

  Schedule(long seed, List<FaultKind> kinds) {
    random = new Random(seed);
    this.kinds = List.copyOf(kinds);
    light = kinds.stream().filter(FaultKind::isLight).toList();
  }

  Slot next() {
    List<FaultKind> together = new ArrayList<>(List.of(draw(deck, kinds)));
    if (random.nextInt(10) < PAIRS) {
      deck.stream()
          .filter(each -> fits(together.getFirst(), each))
          .findFirst()
          .ifPresent(second -> {
            deck.remove(second);
            together.add(second);
          });
    }
    // What befalls all begins first and ends last.
    together.sort((one, other) -> rank(one) - rank(other));
    return new Slot(
        together,
        companions(together),
        random.nextBoolean(),
        Duration.ofMillis(HOLD_MILLIS_MIN + random.nextInt(HOLD_MILLIS_SPAN)),
        Duration.ofMillis(PAUSE_MILLIS_MIN + random.nextInt(PAUSE_MILLIS_SPAN)),
        random.nextLong());
  }

  /** With two nodes that start there is no majority, and nothing that a third fault would show. */
  private List<FaultKind> companions(List<FaultKind> together) {
    List<FaultKind> companions = new ArrayList<>();
    if (together.stream().filter(FaultKind::isRestart).count() == 1) {
      while (companions.size() < Math.min(COMPANIONS, light.size())) {
        companions.add(draw(lightDeck, light));
      }
    }
    return companions;
  }

  private FaultKind draw(Deque<FaultKind> deck, List<FaultKind> kinds) {
    if (deck.isEmpty()) {
      List<FaultKind> shuffled = new ArrayList<>(kinds);
      Collections.shuffle(shuffled, random);
      deck.addAll(shuffled);
    }
    return deck.remove();
  }

  /** Two nodes that are lost may have been two of a shard's three. */
  private static boolean fits(FaultKind one, FaultKind other) {
    return one.scope() != Scope.ALONE
        && other.scope() != Scope.ALONE
        && (one.scope() == Scope.NODE || other.scope() == Scope.NODE)
        && !(one.needsSpare() && other.needsSpare());
  }

  private static int rank(FaultKind kind) {
    return kind.scope() == Scope.CLUSTER ? 0 : 1;
  }
}
