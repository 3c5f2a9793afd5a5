package dev.kindstead.query;

import dev.kindstead.storage.EntityRow;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The candidates that all walks meet at the same suffix: each walk in turn jumps to where the one
 * before it stands, until all stand at the same place. Confined to one thread.
 */
final class ZigzagWalk implements Candidates.Seekable {
  private final List<Candidates.Seekable> walks;
  private final IndexRange order;
  private boolean ended;

  /**
   * @param order any of the ranges walked, all of which are in the same order
   */
  ZigzagWalk(List<Candidates.Seekable> walks, IndexRange order) {
    this.walks = walks;
    this.order = order;
  }

  /** Compares suffixes in the query's order. */
  static int compare(byte[][] left, byte[][] right, IndexRange order) {
    for (int i = 0; i < left.length; i++) {
      int compared = Arrays.compareUnsigned(left[i], right[i]);
      if (compared != 0) {
        return order.isDescending(i) ? -compared : compared;
      }
    }
    return 0;
  }

  @Override
  public boolean next() throws Budget.Spent {
    return !ended && meet(walks.getFirst().next());
  }

  @Override
  public boolean seek(byte[][] components) throws Budget.Spent {
    return !ended && meet(walks.getFirst().seek(components));
  }

  private boolean meet(boolean moved) throws Budget.Spent {
    ended = !moved;
    if (ended) {
      return false;
    }
    int agreed = 1;
    int turn = 0;
    byte[][] target = components();
    while (!ended && agreed < walks.size()) {
      turn = (turn + 1) % walks.size();
      Candidates.Seekable walk = walks.get(turn);
      if (walk.components().length == 0 || compare(walk.components(), target, order) < 0) {
        ended = !walk.seek(target);
      }
      if (ended || Arrays.deepEquals(walk.components(), target)) {
        agreed++;
      } else {
        target = walk.components();
        agreed = 1;
      }
    }
    return !ended;
  }

  @Override
  public byte[][] components() {
    return walks.getFirst().components();
  }

  @Override
  public boolean isMultiValued() {
    return walks.stream().anyMatch(Candidates::isMultiValued);
  }

  @Override
  public @Nullable EntityRow row() {
    return null;
  }

  @Override
  public void close() {
    walks.forEach(Candidates::close);
  }
}
