package dev.kindstead.faults.workload;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What somebody must have had acknowledged, so that a round says something. The least of each is a
 * tenth to a fifth of what rounds had on two cores with a load average of 14 to 25.
 */
public enum Probe {
  LIST_APPENDS(20),
  LIST_READS(10),
  REGISTER_OPERATIONS(40),
  REGISTER_TRANSACTIONS(15),
  TRANSFERS(15),
  AUDITS(15),
  INSERTS(40),
  PAGED_QUERIES(2),
  ALLOCATIONS(15),
  INDEXED_WRITES(10),
  INDEX_COMPARISONS(5);

  /** A round with as many seconds of faults has the least; a shorter one its part of it. */
  private static final Duration FULL_ROUND = Duration.ofSeconds(45);

  private final int least;

  Probe(int least) {
    this.least = least;
  }

  /** How many must be acknowledged in a round of such a length, one at the least. */
  long least(Duration round) {
    double part = Math.min(1, round.toNanos() / (double) FULL_ROUND.toNanos());
    return Math.max(1, Math.round(least * part));
  }

  /**
   * What was acknowledged hardly ever, a line each: such a round is not judged.
   *
   * @param round how long faults happened
   */
  static Stream<String> tooFew(Map<Probe, Long> acknowledged, Duration round) {
    return Stream.of(values())
        .filter(each -> acknowledged.getOrDefault(each, 0L) < each.least(round))
        .map(each ->
            "only %d %s acknowledged, at least %d must be"
                .formatted(acknowledged.getOrDefault(each, 0L), each, each.least(round)));
  }

  /** As in sentences. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
