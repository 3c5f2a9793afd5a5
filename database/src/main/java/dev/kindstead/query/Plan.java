package dev.kindstead.query;

import dev.kindstead.model.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a query is executed, made by the {@link Planner} from the query and the indexes alone. */
sealed interface Plan {
  /** What the query means: the yardstick of every short cut. */
  Rows rows();

  /** A key of the only entity group with results; null asks every shard. */
  @Nullable Key group();

  /** What is walked; together the legs meet every result. */
  List<Leg> legs();

  /** The filter contradicts itself. */
  record Nothing(Rows rows) implements Plan {
    @Override
    public @Nullable Key group() {
      return null;
    }

    @Override
    public List<Leg> legs() {
      return List.of();
    }

    @Override
    public String toString() {
      return "nothing";
    }
  }

  /** Each leg delivers the order: results flow, merged, and a limit reads no further. */
  record Streamed(Rows rows, @Nullable Key group, List<Leg> legs) implements Plan {
    @Override
    public String toString() {
      return "stream %s by %s".formatted(Plan.shown(legs), rows.ordering());
    }
  }

  /**
   * All candidates are read, and the first ones in order kept: bounded memory, not bounded work.
   * Several legs walk in the order of keys.
   *
   * @param byFirstOrder the first of the orders when the only leg delivers it, so that it may end
   *     early; null when legs meet each entity once
   */
  record Sorted(Rows rows, @Nullable Key group, List<Leg> legs, @Nullable String byFirstOrder)
      implements Plan {
    @Override
    public String toString() {
      return "sort %s by %s".formatted(Plan.shown(legs), rows.ordering());
    }
  }

  private static String shown(List<Leg> legs) {
    return legs.size() == 1 ? legs.getFirst().toString() : "any of " + legs;
  }
}
