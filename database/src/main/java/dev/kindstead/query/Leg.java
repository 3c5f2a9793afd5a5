package dev.kindstead.query;

import dev.kindstead.query.IndexRange.Edge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One alternative of a filter, answered by ranges of indexes that all have the same suffix in the
 * same order: an entity is a candidate where it is in all of them (a zigzag merge join). Immutable.
 *
 * @param constants for each order of the results the value that an equality filter fixes; null
 *     where the suffix has it. Empty when the leg does not deliver the results' order
 * @param residual whether conditions are left that the entries cannot answer: read the entity
 */
record Leg(List<IndexRange> ranges, List<byte @Nullable []> constants, boolean residual) {
  /** Whether it reads nothing but entries of composite indexes. */
  boolean isOverComposites() {
    return !residual && ranges.stream().allMatch(range -> range.suffix().composite());
  }

  /** Whether its entries are chosen neither by key, nor by ancestor, nor by equality. */
  boolean walksWholeIndex() {
    return ranges.stream()
        .allMatch(range ->
            range.suffix().size() > 1
                && range.source().equal().isEmpty()
                && !range.source().isOfAncestor());
  }

  /** The position of a candidate. */
  Position position(byte[][] suffix) {
    if (suffix.length == constants.size()) {
      return new Position(suffix);
    }
    byte[][] components = new byte[constants.size()][];
    int next = 0;
    for (int i = 0; i < components.length; i++) {
      byte[] constant = constants.get(i);
      components[i] = constant == null ? suffix[next++] : constant;
    }
    return new Position(components);
  }

  /** Where a position lies in the leg's suffix: all before it, in the results' order, is before. */
  Edge edge(Position position, boolean after, Ordering ordering) {
    List<byte[]> components = new ArrayList<>();
    for (int i = 0; i < constants.size(); i++) {
      byte[] component = position.component(i);
      byte[] constant = constants.get(i);
      if (constant == null) {
        components.add(component);
        continue;
      }
      int compared = Arrays.compareUnsigned(constant, component);
      if (compared != 0) {
        boolean before = ordering.orders().get(i).descending() ? compared > 0 : compared < 0;
        return new Edge(components.toArray(byte[][]::new), before);
      }
    }
    return new Edge(components.toArray(byte[][]::new), after);
  }

  @Override
  public String toString() {
    String all = ranges.size() == 1 ? ranges.getFirst().toString() : "all of " + ranges;
    return residual ? all + ", then filter" : all;
  }
}
