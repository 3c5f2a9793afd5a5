package dev.kindstead.query;

import dev.kindstead.query.IndexRange.Edge;
import dev.kindstead.storage.EntityRow;
import org.jspecify.annotations.Nullable;

/**
 * The results that one leg of a plan meets on one shard, in order. A candidate is a result if and
 * only if its entity, looked at by itself, stands at the candidate's position: so an array's entity
 * is met once, without remembering which were met before, and a cursor may resume anywhere.
 * Confined to one thread.
 */
final class LegStream implements RowSource {
  private final Rows rows;
  private final Leg leg;
  private final int shard;
  private final Reading reading;
  private final Candidates candidates;
  private final boolean dependsOnElements;
  private @Nullable Row head;
  private boolean ended;

  /**
   * @param from where to begin, null for at the start
   */
  LegStream(Rows rows, Leg leg, int shard, Reading reading, @Nullable Edge from) {
    this.rows = rows;
    this.leg = leg;
    this.shard = shard;
    this.reading = reading;
    dependsOnElements = rows.dependsOnElements();
    candidates = Candidates.open(leg, reading.shard(shard), from, reading.budget());
  }

  @Override
  public @Nullable Row peek() throws Budget.Spent {
    while (head == null && !ended) {
      if (candidates.next()) {
        head = result();
      } else {
        ended = true;
      }
    }
    return head;
  }

  private @Nullable Row result() {
    Position position = leg.position(candidates.components());
    EntityRow row = candidates.row();
    boolean multiValued = candidates.isMultiValued();
    if (leg.residual() || (dependsOnElements && multiValued)) {
      row = row == null ? reading.entity(shard, position.path()) : row;
      if (!rows.of(reading.values(position.path(), row)).contains(position)) {
        return null;
      }
    }
    return new Row(position, shard, row, multiValued);
  }

  @Override
  public void pop() {
    head = null;
  }

  @Override
  public void close() {
    candidates.close();
  }
}
