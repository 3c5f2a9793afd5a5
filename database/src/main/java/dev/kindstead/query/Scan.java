package dev.kindstead.query;

import dev.kindstead.model.Bytes;
import dev.kindstead.storage.Space;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What drives a query: an ordered walk over stored keys that meets every candidate. Immutable. */
sealed interface Scan {
  /** Scans whose candidates come in the order of their paths, each entity once. */
  sealed interface InKeyOrder extends Scan {}

  /**
   * Rows of a partition, entries of a kind, or entries of one value: a prefix, then the path.
   *
   * @param name for people: what is scanned
   * @param property whose value all entries share; null for rows and kinds
   */
  record ByKey(
      String name, @Nullable String property, Space space, Bytes prefix, List<Interval> paths)
      implements InKeyOrder {
    @Override
    public String toString() {
      return name + (paths.equals(Interval.EVERYTHING) ? "" : " keys " + paths);
    }
  }

  /** Entries of a property: a prefix, then value and path; each value of an array is one. */
  record ByValue(String property, Bytes prefix, List<Interval> values, List<Interval> paths)
      implements Scan {
    @Override
    public String toString() {
      return "index of "
          + property
          + (values.equals(Interval.EVERYTHING) ? "" : " values " + values)
          + (paths.equals(Interval.EVERYTHING) ? "" : " keys " + paths);
    }
  }

  /** The entities that all parts meet: a zigzag merge join. */
  record Intersection(List<ByKey> parts) implements InKeyOrder {
    @Override
    public String toString() {
      return "all of " + parts;
    }
  }

  /** The entities that any part meets. */
  record Union(List<InKeyOrder> parts) implements InKeyOrder {
    @Override
    public String toString() {
      return "any of " + parts;
    }
  }
}
