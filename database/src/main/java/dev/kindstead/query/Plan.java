package dev.kindstead.query;

import dev.kindstead.model.Key;
import org.jspecify.annotations.Nullable;

/** How a query is executed, made by the {@link Planner} from the query alone. Immutable. */
sealed interface Plan {
  /** What the query means: the yardstick of every short cut. */
  Rows rows();

  /** A key of the only entity group with results; null asks every shard. */
  @Nullable Key group();

  /** The filter contradicts itself. */
  record Nothing(Rows rows) implements Plan {
    @Override
    public @Nullable Key group() {
      return null;
    }

    @Override
    public String toString() {
      return "nothing";
    }
  }

  /**
   * The scan delivers the order: results flow, and a limit reads no further.
   *
   * @param residual whether conditions are left that the entries cannot answer: read the entity
   */
  record Streamed(Rows rows, @Nullable Key group, Scan scan, boolean residual) implements Plan {
    @Override
    public String toString() {
      return "stream %s by %s%s".formatted(scan, rows.ordering(), residual ? ", then filter" : "");
    }
  }

  /**
   * All candidates are read, and the first ones in order kept: bounded memory, not bounded work.
   *
   * @param firstOrderFromScan whether the scan delivers the first of the orders, so that it may end
   *     early
   */
  record Sorted(Rows rows, @Nullable Key group, Scan scan, boolean firstOrderFromScan)
      implements Plan {
    @Override
    public String toString() {
      return "sort %s by %s".formatted(scan, rows.ordering());
    }
  }
}
