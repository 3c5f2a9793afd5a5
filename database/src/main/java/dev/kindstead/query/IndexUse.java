package dev.kindstead.query;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One index that a plan scans, in the words of the API's query explanation. Immutable.
 *
 * @param properties its properties in order and direction: {@code (created DESC, __name__ DESC)}
 * @param includesAncestors whether the index has an entry for each ancestor; no built-in one has
 */
public record IndexUse(String properties, boolean includesAncestors) {
  /** The key's property as explanations call it. */
  private static final String NAME = "__name__";

  static List<IndexUse> of(Plan plan) {
    boolean reverse = plan.rows().ordering().first().descending();
    return switch (plan) {
      case Plan.Nothing _ -> List.of();
      case Plan.Streamed streamed -> of(streamed.scan(), reverse);
      case Plan.Sorted sorted -> of(sorted.scan(), reverse);
    };
  }

  private static List<IndexUse> of(Scan scan, boolean reverse) {
    return properties(scan)
        .map(property -> named(property, reverse))
        .distinct()
        .map(properties -> new IndexUse(properties, false))
        .toList();
  }

  /** The property of each scan below, empty for one that is in the order of keys alone. */
  private static Stream<String> properties(Scan scan) {
    return switch (scan) {
      case Scan.ByKey byKey -> Stream.of(Objects.requireNonNullElse(byKey.property(), ""));
      case Scan.ByValue byValue -> Stream.of(byValue.property());
      case Scan.Intersection(List<Scan.ByKey> parts) ->
          parts.stream().flatMap(IndexUse::properties);
      case Scan.Union(List<Scan.InKeyOrder> parts) -> parts.stream().flatMap(IndexUse::properties);
    };
  }

  private static String named(String property, boolean reverse) {
    String direction = reverse ? " DESC" : " ASC";
    return property.isEmpty()
        ? "(" + NAME + direction + ")"
        : "(" + property + direction + ", " + NAME + direction + ")";
  }
}
