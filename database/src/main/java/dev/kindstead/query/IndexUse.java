package dev.kindstead.query;

import dev.kindstead.index.IndexDefinition;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    return plan.legs().stream()
        .flatMap(leg -> leg.ranges().stream())
        .map(IndexRange::use)
        .distinct()
        .toList();
  }

  /**
   * @param property null for an index by keys alone
   */
  static IndexUse builtIn(@Nullable String property, boolean descending) {
    String direction = descending ? " DESC" : " ASC";
    String key = NAME + direction;
    return new IndexUse(
        property == null ? "(" + key + ")" : "(" + property + direction + ", " + key + ")", false);
  }

  static IndexUse of(IndexDefinition index) {
    String key = NAME + (index.isKeyDescending() ? " DESC" : " ASC");
    String properties =
        Stream.concat(
                index.values().stream().map(IndexDefinition.IndexedProperty::toString),
                Stream.of(key))
            .collect(Collectors.joining(", ", "(", ")"));
    return new IndexUse(properties, index.ancestor());
  }
}
