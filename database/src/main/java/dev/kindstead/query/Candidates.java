package dev.kindstead.query;

import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The walk of a {@link Scan} over one shard. It starts before the first candidate. Confined to one
 * thread; close it.
 */
interface Candidates extends AutoCloseable {
  /** Moves on; false when there is none left. */
  boolean next() throws Budget.Spent;

  /** The path of the candidate's key. */
  byte[] path();

  /** The encoded value of the entry it was met by; only of a {@link Scan.ByValue}. */
  byte[] value();

  /** Whether the entity may be met again, by another value of the same property. */
  boolean isMultiValued();

  /** The entity, when the walk has it already. */
  @Nullable EntityRow row();

  /** Moves on, if need be, to the first candidate at or behind a path; false when there is none. */
  boolean seek(byte[] path) throws Budget.Spent;

  @Override
  void close();

  /**
   * @param reverse greatest first
   * @param bound what part of the scan to walk: of paths, or of values and paths
   */
  static Candidates open(
      Scan scan, Snapshot shard, boolean reverse, Interval bound, Budget budget) {
    return switch (scan) {
      case Scan.ByKey byKey -> new EntryWalk(byKey, shard, reverse, bound, budget);
      case Scan.ByValue byValue -> new EntryWalk(byValue, shard, reverse, bound, budget);
      case Scan.Intersection(List<Scan.ByKey> parts) ->
          new IntersectionWalk(openAll(parts, shard, reverse, bound, budget), reverse);
      case Scan.Union(List<Scan.InKeyOrder> parts) ->
          new UnionWalk(openAll(parts, shard, reverse, bound, budget), reverse);
    };
  }

  private static List<Candidates> openAll(
      List<? extends Scan> parts, Snapshot shard, boolean reverse, Interval bound, Budget budget) {
    List<Candidates> opened = new ArrayList<>(parts.size());
    for (Scan part : parts) {
      opened.add(open(part, shard, reverse, bound, budget));
    }
    return opened;
  }
}
