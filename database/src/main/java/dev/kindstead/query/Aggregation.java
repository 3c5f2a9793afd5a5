package dev.kindstead.query;

import org.jspecify.annotations.Nullable;

/** One aggregation over a query's results; the alias is never empty after the front door. */
public sealed interface Aggregation {
  String alias();

  /**
   * @param upTo stops counting here; null for no bound, zero counts nothing
   */
  record Count(String alias, @Nullable Long upTo) implements Aggregation {}

  record Sum(String alias, String property) implements Aggregation {}

  record Average(String alias, String property) implements Aggregation {}
}
