package dev.kindstead.query;

import dev.kindstead.query.IndexRange.Edge;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.storage.Space;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A walk over adjacent entries of an index, or rows. Confined to one thread. */
final class RangeWalk implements Candidates.Seekable {
  /** Entries worth stepping over rather than seeking past. */
  private static final int STEPS_MAX = 8;

  private static final byte[][] NOTHING_YET = {};

  private final IndexRange range;
  private final Snapshot shard;
  private final Budget budget;
  private final int prefixLength;
  private final boolean restricted;
  private Interval bounds;
  private Snapshot.@Nullable EntityScan rows;
  private Snapshot.@Nullable IndexScan entries;
  private boolean started;

  /** Of the entry here, once asked for. */
  private byte @Nullable [] @Nullable [] components;

  /**
   * @param bounds what of the range to walk
   */
  RangeWalk(IndexRange range, Snapshot shard, Interval bounds, Budget budget) {
    this.range = range;
    this.shard = shard;
    this.bounds = bounds;
    this.budget = budget;
    prefixLength = range.prefix().size();
    restricted = range.isRestricted();
  }

  @Override
  public boolean next() throws Budget.Spent {
    while (advance()) {
      budget.spend();
      components = null;
      int outside = outside();
      if (outside < 0) {
        return true;
      }
      if (outside == 0 && range.within().getFirst().size() > 1) {
        jumpToNextInterval();
      }
    }
    return false;
  }

  /** The first component that is not where it must be; -1 when all are. */
  private int outside() {
    if (!restricted) {
      return -1;
    }
    List<List<Interval>> within = range.within();
    byte[][] here = components();
    for (int i = 0; i < here.length; i++) {
      List<Interval> union = within.get(i);
      if (!union.getFirst().isAll() && !Interval.contains(union, here[i])) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The first component lies between two intervals of its union, or behind the last. Of paths the
   * bounds of the next one say too little at times: what lies behind this entry is all there is.
   */
  private void jumpToNextInterval() {
    byte[] first = components()[0];
    Interval behind = range.between(new Edge(components(), true), null);
    boolean descending = range.isDescending(0);
    List<Interval> ahead =
        range.within().getFirst().stream()
            .filter(each ->
                descending
                    ? Arrays.compareUnsigned(each.from(), first) < 0
                    : Arrays.compareUnsigned(each.from(), first) > 0)
            .toList();
    restart(
        ahead.isEmpty()
            ? new Interval(bounds.from(), bounds.from())
            : range.boundsOf(Interval.hull(ahead)).intersect(behind));
  }

  private boolean advance() {
    if (!started) {
      started = true;
      if (bounds.isEmpty()) {
        return false;
      }
      open();
    } else if (rows != null) {
      rows.next();
    } else if (entries != null) {
      entries.next();
    }
    return rows != null ? rows.isValid() : entries != null && entries.isValid();
  }

  private void open() {
    if (range.space() == Space.CURRENT) {
      rows = shard.entities(bounds.from(), bounds.until(), range.reverse());
    } else {
      entries = shard.indexEntries(bounds.from(), bounds.until(), range.reverse());
    }
  }

  private Snapshot.IndexScan entries() {
    if (entries == null) {
      throw new IllegalStateException("not started");
    }
    return entries;
  }

  @Override
  public boolean seek(byte[][] target) throws Budget.Spent {
    for (int steps = 0; started && steps < STEPS_MAX; steps++) {
      if (!next()) {
        return false;
      }
      if (ZigzagWalk.compare(components(), target, range) >= 0) {
        return true;
      }
    }
    restart(range.between(new Edge(target, false), null));
    return next();
  }

  /** Goes on within these bounds only. */
  private void restart(Interval within) {
    close();
    rows = null;
    entries = null;
    started = false;
    bounds = bounds.intersect(within);
  }

  @Override
  public byte[][] components() {
    if (rows == null && entries == null) {
      return NOTHING_YET;
    }
    if (components == null) {
      byte[] key = rows != null ? rows.key() : entries().key();
      components = range.suffix().split(key, prefixLength);
    }
    return components;
  }

  @Override
  public boolean isMultiValued() {
    return entries != null && entries.multiValued();
  }

  @Override
  public @Nullable EntityRow row() {
    return rows == null ? null : rows.row();
  }

  @Override
  public void close() {
    if (rows != null) {
      rows.close();
    }
    if (entries != null) {
      entries.close();
    }
  }
}
