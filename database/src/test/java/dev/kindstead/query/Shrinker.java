package dev.kindstead.query;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes a failing case small: takes away one thing after the other while the same sort of failure
 * remains, until nothing can be spared or the tries are used up.
 */
final class Shrinker {
  /** A try over few entities takes about a millisecond, the first ones take some more. */
  static final int TRIES_MAX = 3_000;

  private final Consumer<QueryCase> check;
  private QueryCase smallest;
  private Disagreement failure;
  private int tries;

  private Shrinker(Consumer<QueryCase> check, QueryCase failing, Disagreement failure) {
    this.check = check;
    smallest = failing;
    this.failure = failure;
  }

  /**
   * The failure of the smallest case found, with its story.
   *
   * @param seed how to meet the case as it was
   * @param check throws Disagreement for a case that fails
   */
  static Disagreement shrunk(
      String seed, QueryCase failing, Disagreement failure, Consumer<QueryCase> check) {
    Shrinker shrinker = shrunk(failing, failure, check);
    return shrinker.failure.in(
        "seed %s, shrunk in %d tries:\n%s".formatted(seed, shrinker.tries, shrinker.smallest));
  }

  static QueryCase smallest(QueryCase failing, Disagreement failure, Consumer<QueryCase> check) {
    return shrunk(failing, failure, check).smallest;
  }

  private static Shrinker shrunk(
      QueryCase failing, Disagreement failure, Consumer<QueryCase> check) {
    Shrinker shrinker = new Shrinker(check, failing, failure);
    while (shrinker.takesOneAway()) {}
    return shrinker;
  }

  private boolean takesOneAway() {
    for (QueryCase simpler : SimplerCases.of(smallest)) {
      if (tries == TRIES_MAX) {
        return false;
      }
      tries++;
      Optional<Disagreement> still = failureOf(simpler);
      if (still.isPresent() && still.get().sort().equals(failure.sort())) {
        smallest = simpler;
        failure = still.get();
        return true;
      }
    }
    return false;
  }

  private Optional<Disagreement> failureOf(QueryCase simpler) {
    try {
      check.accept(simpler);
      return Optional.empty();
    } catch (Disagreement found) {
      return Optional.of(found);
    }
  }
}
