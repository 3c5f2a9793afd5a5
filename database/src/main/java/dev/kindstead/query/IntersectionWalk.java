package dev.kindstead.query;

import dev.kindstead.storage.EntityRow;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The candidates that all walks meet, by zigzag: each walk in turn jumps to where the one before it
 * stands, until all stand at the same entity. Confined to one thread.
 */
final class IntersectionWalk implements Candidates {
  private final List<Candidates> walks;
  private final boolean reverse;
  private boolean ended;

  IntersectionWalk(List<Candidates> walks, boolean reverse) {
    this.walks = walks;
    this.reverse = reverse;
  }

  @Override
  public boolean next() throws Budget.Spent {
    return !ended && meet(walks.getFirst().next());
  }

  @Override
  public boolean seek(byte[] path) throws Budget.Spent {
    return !ended && meet(walks.getFirst().seek(path));
  }

  private boolean meet(boolean moved) throws Budget.Spent {
    ended = !moved;
    int agreed = 1;
    int turn = 0;
    byte[] target = path();
    while (!ended && agreed < walks.size()) {
      turn = (turn + 1) % walks.size();
      Candidates walk = walks.get(turn);
      if (isBehind(walk.path(), target)) {
        ended = !walk.seek(target);
      }
      if (Arrays.equals(walk.path(), target)) {
        agreed++;
      } else {
        target = walk.path();
        agreed = 1;
      }
    }
    return !ended;
  }

  /** Whether a walk has yet to move to reach the target; one that has not started has no path. */
  private boolean isBehind(byte[] path, byte[] target) {
    int compared = Arrays.compareUnsigned(path, target);
    return path.length == 0 || (reverse ? compared > 0 : compared < 0);
  }

  @Override
  public byte[] path() {
    return walks.getFirst().path();
  }

  @Override
  public byte[] value() {
    return walks.getFirst().value();
  }

  @Override
  public boolean isMultiValued() {
    return false;
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
