package dev.kindstead.query;

import dev.kindstead.query.IndexRange.Edge;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The walk of a {@link Leg} over one shard, in the order of the leg's suffix. It starts before the
 * first candidate. Confined to one thread; close it.
 */
interface Candidates extends AutoCloseable {
  /** Moves on; false when there is none left. */
  boolean next() throws Budget.Spent;

  /** The components of the suffix, the path last. */
  byte[][] components();

  default byte[] path() {
    byte[][] components = components();
    return components[components.length - 1];
  }

  /** Whether the entity may be met again, by another value of a property. */
  boolean isMultiValued();

  /** The entity, when the walk has it already. */
  @Nullable EntityRow row();

  @Override
  void close();

  /** A walk that can jump ahead. */
  interface Seekable extends Candidates {
    /** Moves on to the first candidate at or behind the components; false when there is none. */
    boolean seek(byte[][] components) throws Budget.Spent;
  }

  /**
   * @param from where to begin, null for at the start
   */
  static Candidates open(Leg leg, Snapshot shard, @Nullable Edge from, Budget budget) {
    List<Seekable> walks = new ArrayList<>(leg.ranges().size());
    for (IndexRange range : leg.ranges()) {
      walks.add(new RangeWalk(range, shard, range.between(from, null), budget));
    }
    return walks.size() == 1 ? walks.getFirst() : new ZigzagWalk(walks, leg.ranges().getFirst());
  }
}
