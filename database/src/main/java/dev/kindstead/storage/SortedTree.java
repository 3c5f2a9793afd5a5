package dev.kindstead.storage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map of bytes in unsigned order: each change makes a new root that shares all
 * but one path with the old one, so a frozen state is just a root that somebody kept. Null is the
 * empty map. An AVL tree: the heights of two siblings differ by at most one.
 *
 * <p>Several changes can be one {@link Edit}: a node that it has made itself it changes in place,
 * for nobody else has seen it. So whoever edits publishes the root only after the edit's last
 * change, through a volatile field, and no edit's roots are kept from before.
 *
 * <p>Thread-safe apart from that; keys are shared and not to be written to.
 */
final class SortedTree<V> {
  private final byte[] key;
  private final Edit madeBy;
  private V value;
  private @Nullable SortedTree<V> left;
  private @Nullable SortedTree<V> right;
  private int height;
  private int size;

  /** Changes that are seen together. Confined to one thread. */
  static final class Edit {}

  private SortedTree(
      byte[] key,
      V value,
      @Nullable SortedTree<V> left,
      @Nullable SortedTree<V> right,
      Edit madeBy) {
    this.key = key;
    this.madeBy = madeBy;
    this.value = value;
    this.left = left;
    this.right = right;
    this.height = 1 + Math.max(height(left), height(right));
    this.size = 1 + size(left) + size(right);
  }

  byte[] key() {
    return key;
  }

  V value() {
    return value;
  }

  @Nullable SortedTree<V> left() {
    return left;
  }

  @Nullable SortedTree<V> right() {
    return right;
  }

  static int size(@Nullable SortedTree<?> root) {
    return root == null ? 0 : root.size;
  }

  static <V> @Nullable V get(@Nullable SortedTree<V> root, byte[] key) {
    SortedTree<V> node = root;
    while (node != null) {
      int order = Arrays.compareUnsigned(key, node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  static <V> SortedTree<V> put(@Nullable SortedTree<V> root, byte[] key, V value) {
    return put(root, key, value, new Edit());
  }

  static <V> SortedTree<V> put(@Nullable SortedTree<V> root, byte[] key, V value, Edit edit) {
    if (root == null) {
      return new SortedTree<>(key, value, null, null, edit);
    }
    int order = Arrays.compareUnsigned(key, root.key);
    if (order == 0) {
      if (root.madeBy != edit) {
        return new SortedTree<>(key, value, root.left, root.right, edit);
      }
      root.value = value;
      return root;
    }
    return order < 0
        ? balanced(root, put(root.left, key, value, edit), root.right, edit)
        : balanced(root, root.left, put(root.right, key, value, edit), edit);
  }

  static <V> @Nullable SortedTree<V> remove(@Nullable SortedTree<V> root, byte[] key) {
    return remove(root, key, new Edit());
  }

  static <V> @Nullable SortedTree<V> remove(@Nullable SortedTree<V> root, byte[] key, Edit edit) {
    if (root == null) {
      return null;
    }
    int order = Arrays.compareUnsigned(key, root.key);
    if (order != 0) {
      SortedTree<V> child = order < 0 ? root.left : root.right;
      int before = size(child);
      SortedTree<V> changed = remove(child, key, edit);
      if (size(changed) == before) {
        return root;
      }
      return order < 0
          ? balanced(root, changed, root.right, edit)
          : balanced(root, root.left, changed, edit);
    }
    if (root.left == null || root.right == null) {
      return root.left == null ? root.right : root.left;
    }
    SortedTree<V> successor = root.right;
    while (successor.left != null) {
      successor = successor.left;
    }
    return balanced(successor, root.left, remove(root.right, successor.key, edit), edit);
  }

  /** Removes every key in [from, until); an empty {@code until} means no upper bound. */
  static <V> @Nullable SortedTree<V> removeRange(
      @Nullable SortedTree<V> root, byte[] from, byte[] until, Edit edit) {
    SortedTree<V> rest = root;
    SortedTree<V> next = atOrAfter(rest, from, true);
    while (next != null && (until.length == 0 || Arrays.compareUnsigned(next.key, until) < 0)) {
      rest = remove(rest, next.key, edit);
      next = atOrAfter(rest, next.key, false);
    }
    return rest;
  }

  /** The entry with the smallest key after {@code key}, or at it if {@code inclusive}. */
  static <V> @Nullable SortedTree<V> atOrAfter(
      @Nullable SortedTree<V> root, byte[] key, boolean inclusive) {
    SortedTree<V> found = null;
    SortedTree<V> node = root;
    while (node != null) {
      int order = Arrays.compareUnsigned(key, node.key);
      if (order < 0 || (inclusive && order == 0)) {
        found = node;
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return found;
  }

  /** The entry with the greatest key before {@code key}, or at it if {@code inclusive}. */
  static <V> @Nullable SortedTree<V> atOrBefore(
      @Nullable SortedTree<V> root, byte[] key, boolean inclusive) {
    SortedTree<V> found = null;
    SortedTree<V> node = root;
    while (node != null) {
      int order = Arrays.compareUnsigned(key, node.key);
      if (order > 0 || (inclusive && order == 0)) {
        found = node;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return found;
  }

  static <V> @Nullable SortedTree<V> last(@Nullable SortedTree<V> root) {
    SortedTree<V> node = root;
    while (node != null && node.right != null) {
      node = node.right;
    }
    return node;
  }

  /** The entry of {@code middle} over two subtrees whose heights differ by at most two. */
  private static <V> SortedTree<V> balanced(
      SortedTree<V> middle,
      @Nullable SortedTree<V> left,
      @Nullable SortedTree<V> right,
      Edit edit) {
    int lean = height(left) - height(right);
    if (left != null && lean > 1) {
      SortedTree<V> inner = left.right;
      if (inner == null || height(left.left) >= inner.height) {
        return left.over(left.left, middle.over(inner, right, edit), edit);
      }
      SortedTree<V> first = left.over(left.left, inner.left, edit);
      return inner.over(first, middle.over(inner.right, right, edit), edit);
    }
    if (right != null && lean < -1) {
      SortedTree<V> inner = right.left;
      if (inner == null || height(right.right) >= inner.height) {
        return right.over(middle.over(left, inner, edit), right.right, edit);
      }
      SortedTree<V> last = right.over(inner.right, right.right, edit);
      return inner.over(middle.over(left, inner.left, edit), last, edit);
    }
    return middle.over(left, right, edit);
  }

  private SortedTree<V> over(
      @Nullable SortedTree<V> newLeft, @Nullable SortedTree<V> newRight, Edit edit) {
    if (madeBy != edit) {
      return new SortedTree<>(key, value, newLeft, newRight, edit);
    }
    left = newLeft;
    right = newRight;
    height = 1 + Math.max(height(newLeft), height(newRight));
    size = 1 + size(newLeft) + size(newRight);
    return this;
  }

  private static int height(@Nullable SortedTree<?> root) {
    return root == null ? 0 : root.height;
  }
}
