package dev.kindstead.simulation.mutant;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the checks made of a mutant. Immutable.
 *
 * @param simulated null when the simulation was not asked
 * @param tested null when it names no room tests, or they were not run
 */
public record Verdict(
    Mutant mutant, Checks.@Nullable Finding simulated, Checks.@Nullable Finding tested) {

  List<Checks.Finding> findings() {
    return Stream.of(simulated, tested).filter(Objects::nonNull).toList();
  }

  public boolean isFound() {
    return findings().stream().anyMatch(Checks.Finding::isFound);
  }

  /** Why it says nothing; empty when it does. */
  public String wrong() {
    return findings().stream()
        .map(Checks.Finding::wrong)
        .filter(wrong -> !wrong.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** In a line. */
  @Override
  public String toString() {
    var text = new StringBuilder("%s (rule %d):".formatted(mutant.name(), mutant.rule()));
    String end = isFound() ? "" : " NOT FOUND";
    for (Checks.Finding finding : findings()) {
      text.append(
          finding.isFound()
              ? " %s: %s, %s;".formatted(finding.check(), finding.by(), finding.says())
              : " %s: nothing;".formatted(finding.check()));
      text.append(" %d s;".formatted(finding.took().toSeconds()));
    }
    return text + (wrong().isEmpty() ? end : " INVALID: " + wrong());
  }
}
