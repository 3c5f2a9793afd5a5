package dev.kindstead.query;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.storage.Space;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A walk over adjacent entries of an index, or rows. Confined to one thread. */
final class EntryWalk implements Candidates {
  /** Entries worth stepping over rather than seeking past. */
  private static final int STEPS_MAX = 8;

  private static final byte[] NO_VALUE = new byte[0];

  private final Snapshot shard;
  private final Space space;
  private final byte[] prefix;
  private final boolean byValue;
  private final List<Interval> paths;
  private final List<Interval> values;
  private final boolean reverse;
  private final Budget budget;
  private Interval bounds;
  private Snapshot.@Nullable EntityScan rows;
  private Snapshot.@Nullable IndexScan entries;
  private boolean started;
  private byte[] path = NO_VALUE;
  private byte[] value = NO_VALUE;

  EntryWalk(Scan.ByKey scan, Snapshot shard, boolean reverse, Interval bound, Budget budget) {
    this.shard = shard;
    this.reverse = reverse;
    this.budget = budget;
    space = scan.space();
    prefix = scan.prefix().array();
    byValue = false;
    paths = scan.paths();
    values = Interval.EVERYTHING;
    bounds = bounds(scan, bound);
  }

  EntryWalk(Scan.ByValue scan, Snapshot shard, boolean reverse, Interval bound, Budget budget) {
    this.shard = shard;
    this.reverse = reverse;
    this.budget = budget;
    space = Space.INDEX;
    prefix = scan.prefix().array();
    byValue = true;
    paths = scan.paths();
    values = scan.values();
    bounds = bounds(scan, bound);
  }

  /** The bytes to walk. */
  static Interval bounds(Scan.ByKey scan, Interval bound) {
    return Interval.hull(scan.paths()).intersect(bound).behind(scan.prefix().array());
  }

  static Interval bounds(Scan.ByValue scan, Interval bound) {
    return Interval.hull(scan.values()).intersect(bound).behind(scan.prefix().array());
  }

  @Override
  public boolean next() throws Budget.Spent {
    while (advance()) {
      budget.spend();
      byte[] key = rows != null ? rows.key() : entries().key();
      int offset = byValue ? IndexKeyEncoding.pathOffset(key, prefix.length, false) : prefix.length;
      path = Arrays.copyOfRange(key, offset, key.length);
      if (byValue) {
        value = Arrays.copyOfRange(key, prefix.length, offset);
      }
      if (isWithin(paths, path) && isWithin(values, value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWithin(List<Interval> union, byte[] bytes) {
    return union.getFirst().isAll() || Interval.contains(union, bytes);
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
    if (space == Space.CURRENT) {
      rows = shard.entities(bounds.from(), bounds.until(), reverse);
    } else {
      entries = shard.indexEntries(bounds.from(), bounds.until(), reverse);
    }
  }

  private Snapshot.IndexScan entries() {
    if (entries == null) {
      throw new IllegalStateException("not started");
    }
    return entries;
  }

  @Override
  public boolean seek(byte[] target) throws Budget.Spent {
    for (int steps = 0; started && steps < STEPS_MAX; steps++) {
      if (!next()) {
        return false;
      }
      int compared = Arrays.compareUnsigned(path, target);
      if (reverse ? compared <= 0 : compared >= 0) {
        return true;
      }
    }
    close();
    rows = null;
    entries = null;
    started = false;
    byte[] at = Interval.concat(prefix, target);
    bounds =
        bounds.intersect(
            reverse
                ? new Interval(Interval.UNBOUNDED, ByteOrder.after(at))
                : new Interval(at, Interval.UNBOUNDED));
    return next();
  }

  @Override
  public byte[] path() {
    return path;
  }

  @Override
  public byte[] value() {
    return value;
  }

  @Override
  public boolean isMultiValued() {
    return byValue && entries().multiValued();
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
