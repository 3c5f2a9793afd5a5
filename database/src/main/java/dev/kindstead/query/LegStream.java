package dev.kindstead.query;

import dev.kindstead.query.IndexRange.Edge;
import dev.kindstead.storage.EntityRow;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The results that one leg of a plan meets on one shard, in order. A candidate is a result if and
 * only if its entity, looked at by itself, stands at the candidate's position: so an array's entity
 * is met once, without remembering which were met before, and a cursor may resume anywhere.
 * Confined to one thread.
 */
final class LegStream implements RowSource {
  /** What a position holds beside its values. */
  private static final int BYTES_BESIDE = 100;

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
      byte[] path = position.path();
      Collection<Position> standing = multiValued ? reading.positions().get(shard, path) : null;
      if (standing == null) {
        row = row == null ? reading.entity(shard, path) : row;
        standing = standing(reading.values(path, row), multiValued);
      }
      if (!standing.contains(position)) {
        return null;
      }
    }
    return new Row(position, shard, row, multiValued);
  }

  private Collection<Position> standing(IndexedValues entity, boolean multiValued) {
    Collection<Position> standing = rows.of(entity);
    if (multiValued && Remembered.isWorthwhile(entity)) {
      standing = Set.copyOf(standing);
      long bytes = standing.stream().mapToLong(each -> each.size() + BYTES_BESIDE).sum();
      reading.positions().put(shard, entity.path(), standing, bytes);
    }
    return standing;
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
