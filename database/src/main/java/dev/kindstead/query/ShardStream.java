package dev.kindstead.query;

import dev.kindstead.storage.EntityRow;
import org.jspecify.annotations.Nullable;

/**
 * The results of one shard, in the order its scan delivers. A candidate is a result if and only if
 * its entity, looked at by itself, stands at the candidate's position: so an array's entity is met
 * once, without remembering which were met before, and a cursor may resume anywhere. Confined to
 * one thread.
 */
final class ShardStream implements RowSource {
  private final Plan.Streamed plan;
  private final int shard;
  private final Reading reading;
  private final Candidates candidates;
  private final boolean byValue;
  private final boolean exploded;
  private @Nullable Row head;
  private boolean ended;

  ShardStream(Plan.Streamed plan, int shard, Reading reading, Interval bound) {
    this.plan = plan;
    this.shard = shard;
    this.reading = reading;
    byValue = plan.scan() instanceof Scan.ByValue;
    Query.Order first = plan.rows().ordering().first();
    exploded = plan.rows().query().isExploded(first.property());
    candidates =
        Candidates.open(
            plan.scan(), reading.shard(shard), first.descending(), bound, reading.budget());
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
    byte[] path = candidates.path();
    Position position =
        new Position(byValue ? new byte[][] {candidates.value(), path} : new byte[][] {path});
    EntityRow row = candidates.row();
    if (plan.residual() || (!exploded && candidates.isMultiValued())) {
      row = row == null ? reading.entity(shard, path) : row;
      if (!plan.rows().of(reading.values(path, row)).contains(position)) {
        return null;
      }
    }
    return new Row(position, shard, row, candidates.isMultiValued());
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
