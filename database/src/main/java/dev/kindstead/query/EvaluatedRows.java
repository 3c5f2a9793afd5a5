package dev.kindstead.query;

import dev.kindstead.storage.EntityRow;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of one shard in the order in which the legs meet their entities, which is not the
 * query's. Every entity is read. Confined to one thread; close it.
 */
final class EvaluatedRows implements AutoCloseable {
  private final Plan.Sorted plan;
  private final int shard;
  private final Reading reading;
  private int leg = -1;
  private @Nullable Candidates candidates;

  EvaluatedRows(Plan.Sorted plan, int shard, Reading reading) {
    this.plan = plan;
    this.shard = shard;
    this.reading = reading;
  }

  /** Moves to the next candidate that is not known to count elsewhere; false at the end. */
  boolean next() throws Budget.Spent {
    do {
      if (!nextCandidate()) {
        return false;
      }
    } while (countsElsewhere());
    return true;
  }

  private boolean countsElsewhere() {
    byte[] counting =
        plan.byFirstOrder() != null && candidates().isMultiValued()
            ? reading.meetings().get(shard, candidates().path())
            : null;
    return counting != null && !Arrays.equals(firstOrder(), counting);
  }

  private boolean nextCandidate() throws Budget.Spent {
    while (candidates == null || !candidates.next()) {
      close();
      if (++leg == plan.legs().size()) {
        return false;
      }
      candidates =
          Candidates.open(plan.legs().get(leg), reading.shard(shard), null, reading.budget());
    }
    return true;
  }

  /** What the plan's {@link Plan.Sorted#byFirstOrder} is at the candidate. */
  byte[] firstOrder() {
    return candidates().components()[0];
  }

  /** The candidate's entity, read. */
  IndexedValues entity() {
    byte[] path = candidates().path();
    EntityRow found = candidates().row();
    EntityRow row = found != null ? reading.met(shard, path, found) : reading.entity(shard, path);
    return reading.values(path, row);
  }

  /** Where the candidate's entity stands; nowhere when it was met before. */
  Collection<Position> positions(IndexedValues entity) {
    return isFirstMeeting(entity) ? plan.rows().of(entity) : List.of();
  }

  private boolean isFirstMeeting(IndexedValues entity) {
    String first = plan.byFirstOrder();
    if (first == null) {
      // Each leg meets at least all that satisfies its alternative: the first such one counts.
      List<Conjunction> alternatives = plan.rows().conjunctions();
      return alternatives.get(leg).matches(entity)
          && alternatives.subList(0, leg).stream().noneMatch(each -> each.matches(entity));
    }
    if (!candidates().isMultiValued()) {
      return true;
    }
    IndexRange range = plan.legs().getFirst().ranges().getFirst();
    List<byte[]> met =
        entity.of(first).stream()
            .filter(value -> Interval.contains(range.within().getFirst(), value))
            .toList();
    byte[] counting = range.isDescending(0) ? met.getLast() : met.getFirst();
    if (Remembered.isWorthwhile(entity)) {
      reading.meetings().put(shard, entity.path(), counting, counting.length);
    }
    return Arrays.equals(firstOrder(), counting);
  }

  private Candidates candidates() {
    if (candidates == null) {
      throw new IllegalStateException("not at a candidate");
    }
    return candidates;
  }

  @Override
  public void close() {
    if (candidates != null) {
      candidates.close();
    }
  }
}
