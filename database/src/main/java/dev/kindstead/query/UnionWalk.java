package dev.kindstead.query;

import dev.kindstead.storage.EntityRow;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The candidates that any walk meets, each once. Confined to one thread. */
final class UnionWalk implements Candidates {
  private final List<Candidates> walks;
  private final PriorityQueue<Candidates> heads;
  private boolean started;
  private byte[] path = new byte[0];

  UnionWalk(List<Candidates> walks, boolean reverse) {
    this.walks = walks;
    Comparator<Candidates> byPath =
        (one, other) -> Arrays.compareUnsigned(one.path(), other.path());
    heads = new PriorityQueue<>(reverse ? byPath.reversed() : byPath);
  }

  @Override
  public boolean next() throws Budget.Spent {
    if (!started) {
      started = true;
      for (Candidates walk : walks) {
        if (walk.next()) {
          heads.add(walk);
        }
      }
    } else {
      byte[] last = path;
      while (!heads.isEmpty() && Arrays.equals(heads.peek().path(), last)) {
        Candidates walk = heads.remove();
        if (walk.next()) {
          heads.add(walk);
        }
      }
    }
    Candidates first = heads.peek();
    if (first == null) {
      return false;
    }
    path = first.path();
    return true;
  }

  /** Not needed: nothing intersects a union. */
  @Override
  public boolean seek(byte[] target) {
    throw new UnsupportedOperationException("a union is walked, not joined");
  }

  @Override
  public byte[] path() {
    return path;
  }

  @Override
  public byte[] value() {
    return new byte[0];
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
