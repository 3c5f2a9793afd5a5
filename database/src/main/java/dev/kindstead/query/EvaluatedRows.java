package dev.kindstead.query;

import dev.kindstead.storage.EntityRow;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The results of one shard in the order in which a scan meets their entities, which is not the
 * query's. Every entity is read. Confined to one thread; close it.
 */
final class EvaluatedRows implements AutoCloseable {
  private final Plan.Sorted plan;
  private final int shard;
  private final Reading reading;
  private final boolean reverse;
  private final Candidates candidates;

  EvaluatedRows(Plan.Sorted plan, int shard, Reading reading) {
    this.plan = plan;
    this.shard = shard;
    this.reading = reading;
    reverse = plan.rows().ordering().first().descending();
    candidates =
        Candidates.open(plan.scan(), reading.shard(shard), reverse, Interval.ALL, reading.budget());
  }

  /** Moves to the next candidate; false at the end. */
  boolean next() throws Budget.Spent {
    return candidates.next();
  }

  /** The encoded value by which a {@link Scan.ByValue} met the candidate. */
  byte[] value() {
    return candidates.value();
  }

  /** The candidate's entity, read. */
  IndexedValues entity() {
    byte[] path = candidates.path();
    EntityRow found = candidates.row();
    EntityRow row = found != null ? reading.met(shard, path, found) : reading.entity(shard, path);
    return reading.values(path, row);
  }

  /** Where the candidate's entity stands; nowhere when it was met before. */
  Collection<Position> positions(IndexedValues entity) {
    return isFirstMeeting(entity) ? plan.rows().of(entity) : List.of();
  }

  private boolean isFirstMeeting(IndexedValues entity) {
    if (!(plan.scan() instanceof Scan.ByValue scan) || !candidates.isMultiValued()) {
      return true;
    }
    List<byte[]> met =
        entity.of(scan.property()).stream()
            .filter(value -> Interval.contains(scan.values(), value))
            .toList();
    return Arrays.equals(candidates.value(), reverse ? met.getLast() : met.getFirst());
  }

  @Override
  public void close() {
    candidates.close();
  }
}
