package dev.kindstead.storage;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A way through a {@link SortedTree} in one direction. It keeps the nodes above its position that
 * are yet to come, so that a step costs no search from the root. Confined to one thread.
 */
final class SortedWalk<V> {
  private final @Nullable SortedTree<V> root;
  private final boolean reverse;
  private final ArrayDeque<SortedTree<V>> ahead = new ArrayDeque<>();
  private @Nullable SortedTree<V> position;

  SortedWalk(@Nullable SortedTree<V> root, boolean reverse) {
    this.root = root;
    this.reverse = reverse;
  }

  /** Where it is; null before the first seek, and behind the end. */
  @Nullable SortedTree<V> position() {
    return position;
  }

  void toFirst() {
    ahead.clear();
    descend(root);
  }

  /** To the first entry from {@code key} on, in its direction. */
  void seek(byte[] key, boolean inclusive) {
    ahead.clear();
    SortedTree<V> node = root;
    while (node != null) {
      int order = Arrays.compareUnsigned(node.key(), key);
      if (order == 0 && inclusive) {
        ahead.push(node);
        break;
      }
      boolean comes = reverse ? order < 0 : order > 0;
      if (comes) {
        ahead.push(node);
      }
      node = comes ? before(node) : after(node);
    }
    position = ahead.poll();
  }

  void next() {
    SortedTree<V> passed = position;
    if (passed != null) {
      descend(after(passed));
    }
  }

  private void descend(@Nullable SortedTree<V> from) {
    for (SortedTree<V> node = from; node != null; node = before(node)) {
      ahead.push(node);
    }
    position = ahead.poll();
  }

  private @Nullable SortedTree<V> before(SortedTree<V> node) {
    return reverse ? node.right() : node.left();
  }

  private @Nullable SortedTree<V> after(SortedTree<V> node) {
    return reverse ? node.left() : node.right();
  }
}
