package dev.kindstead.query;

import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The first results behind a cursor, when no scan delivers their order: reads every candidate,
 * keeps a bounded number of positions. Confined to one thread.
 */
final class SortedRows implements RowSource {
  /** Results kept at most; a batch that would need more is cut and continues by its cursor. */
  static final int ROWS_MAX = 50_000;

  /** Memory of the positions kept at most. */
  static final long BYTES_MAX = 64L << 20;

  private final Plan.Sorted plan;
  private final Reading reading;
  private final Cursor start;
  private final int most;
  private final PriorityQueue<Row> kept;
  private long bytes;
  private boolean cut;
  private @Nullable List<Row> sorted;
  private int next;

  /**
   * @param most how many results are of interest
   */
  SortedRows(Plan.Sorted plan, Reading reading, int[] shards, Cursor start, int most)
      throws Budget.Spent {
    this.plan = plan;
    this.reading = reading;
    this.start = start;
    this.most = Math.min(most, ROWS_MAX);
    Ordering ordering = plan.rows().ordering();
    kept = new PriorityQueue<>((one, other) -> ordering.compare(other.position(), one.position()));
    for (int shard : shards) {
      read(shard);
    }
  }

  private void read(int shard) throws Budget.Spent {
    try (EvaluatedRows candidates = new EvaluatedRows(plan, shard, reading)) {
      while (candidates.next() && !isBehindAllKept(candidates)) {
        keep(candidates.positions(candidates.entity()), shard);
      }
    }
  }

  /** Whether neither the candidate nor any behind it can be among the first. */
  private boolean isBehindAllKept(EvaluatedRows candidates) {
    Row last = kept.peek();
    if (plan.byFirstOrder() == null || last == null || kept.size() < most) {
      return false;
    }
    int compared = Arrays.compareUnsigned(candidates.firstOrder(), last.position().component(0));
    boolean behind = plan.rows().ordering().first().descending() ? compared < 0 : compared > 0;
    cut |= behind;
    return behind;
  }

  private void keep(Collection<Position> positions, int shard) {
    for (Position position : positions) {
      if (start.isBefore(position, plan.rows().ordering())) {
        kept.add(new Row(position, shard, null, false));
        bytes += position.size();
        if (kept.size() > most) {
          bytes -= kept.remove().position().size();
          cut = true;
        }
      }
    }
    if (bytes > BYTES_MAX) {
      throw new DatastoreException(
          Code.RESOURCE_EXHAUSTED,
          "the query sorts too much in memory: lower its offset or its limit");
    }
  }

  @Override
  public @Nullable Row peek() {
    List<Row> rows = sorted();
    return next < rows.size() ? rows.get(next) : null;
  }

  private List<Row> sorted() {
    if (sorted == null) {
      sorted = new ArrayList<>(kept);
      Ordering ordering = plan.rows().ordering();
      sorted.sort((one, other) -> ordering.compare(one.position(), other.position()));
    }
    return sorted;
  }

  @Override
  public void pop() {
    next++;
  }

  @Override
  public boolean isCut() {
    return cut;
  }

  @Override
  public void close() {}
}
