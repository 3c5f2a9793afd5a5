package dev.kindstead.storage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map of bytes in unsigned order: each change makes a new root that shares all
 * but one path with the old one, so a frozen state is just a root that somebody kept. Null is the
 * empty map. An AVL tree: the heights of two siblings differ by at most one.
 *
 * <p>Thread-safe, being immutable; keys are shared and not to be written to.
 */
final class SortedTree<V> {
  private final byte[] key;
  private final V value;
  private final @Nullable SortedTree<V> left;
  private final @Nullable SortedTree<V> right;
  private final int height;
  private final int size;

  private SortedTree(
      byte[] key, V value, @Nullable SortedTree<V> left, @Nullable SortedTree<V> right) {
    this.key = key;
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
    if (root == null) {
      return new SortedTree<>(key, value, null, null);
    }
    int order = Arrays.compareUnsigned(key, root.key);
    if (order == 0) {
      return new SortedTree<>(key, value, root.left, root.right);
    }
    return order < 0
        ? balanced(root, put(root.left, key, value), root.right)
        : balanced(root, root.left, put(root.right, key, value));
  }

  static <V> @Nullable SortedTree<V> remove(@Nullable SortedTree<V> root, byte[] key) {
    if (root == null) {
      return null;
    }
    int order = Arrays.compareUnsigned(key, root.key);
    if (order != 0) {
      SortedTree<V> changed = remove(order < 0 ? root.left : root.right, key);
      if (changed == (order < 0 ? root.left : root.right)) {
        return root;
      }
      return order < 0 ? balanced(root, changed, root.right) : balanced(root, root.left, changed);
    }
    if (root.left == null || root.right == null) {
      return root.left == null ? root.right : root.left;
    }
    SortedTree<V> successor = root.right;
    while (successor.left != null) {
      successor = successor.left;
    }
    return balanced(successor, root.left, remove(root.right, successor.key));
  }

  /** Removes every key in [from, until); an empty {@code until} means no upper bound. */
  static <V> @Nullable SortedTree<V> removeRange(
      @Nullable SortedTree<V> root, byte[] from, byte[] until) {
    SortedTree<V> rest = root;
    SortedTree<V> next = atOrAfter(rest, from, true);
    while (next != null && (until.length == 0 || Arrays.compareUnsigned(next.key, until) < 0)) {
      rest = remove(rest, next.key);
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
      SortedTree<V> middle, @Nullable SortedTree<V> left, @Nullable SortedTree<V> right) {
    int lean = height(left) - height(right);
    if (left != null && lean > 1) {
      SortedTree<V> inner = left.right;
      if (inner == null || height(left.left) >= inner.height) {
        return left.over(left.left, middle.over(inner, right));
      }
      return inner.over(left.over(left.left, inner.left), middle.over(inner.right, right));
    }
    if (right != null && lean < -1) {
      SortedTree<V> inner = right.left;
      if (inner == null || height(right.right) >= inner.height) {
        return right.over(middle.over(left, inner), right.right);
      }
      return inner.over(middle.over(left, inner.left), right.over(inner.right, right.right));
    }
    return middle.over(left, right);
  }

  private SortedTree<V> over(@Nullable SortedTree<V> newLeft, @Nullable SortedTree<V> newRight) {
    return new SortedTree<>(key, value, newLeft, newRight);
  }

  private static int height(@Nullable SortedTree<?> root) {
    return root == null ? 0 : root.height;
  }
}
