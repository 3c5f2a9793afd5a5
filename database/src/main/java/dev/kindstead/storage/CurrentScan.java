package dev.kindstead.storage;

import dev.kindstead.model.Invariant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A scan of CURRENT or INDEX in one view that leaps over ranges known to be dead, and makes known
 * those that it had to step through. Confined to one thread.
 */
final class CurrentScan implements AutoCloseable {
  private final OpenView view;
  private final Space space;
  private final byte[] from;
  private final byte[] until;
  private final boolean reverse;

  /** Null when nothing can be in the range. */
  private final OrderedStore.@Nullable Scan scan;

  /** Null at the end. */
  private byte @Nullable [] key;

  CurrentScan(OpenView view, Space space, byte[] from, byte[] until, boolean reverse) {
    this.view = view;
    this.space = space;
    this.from = from;
    this.until = until;
    this.reverse = reverse;
    byte[] skip = knownDead(reverse ? until : from);
    byte[] start = skip == null || reverse ? from : skip;
    byte[] end = skip == null || !reverse ? until : skip;
    boolean nothingFollows = skip != null && skip.length == 0;
    if (nothingFollows || (end.length > 0 && Arrays.compareUnsigned(start, end) >= 0)) {
      scan = null;
    } else {
      scan = view.view().scan(space, start, end, reverse);
      try {
        arrive(reverse ? end : start);
      } catch (RuntimeException | Error failure) {
        scan.close();
        throw failure;
      }
    }
  }

  boolean isValid() {
    return key != null;
  }

  byte[] key() {
    if (key == null) {
      throw Invariant.broken("a scan is read only where it is valid");
    }
    return key;
  }

  byte[] value() {
    return scan().value();
  }

  void next() {
    byte[] left = key();
    byte[] start = reverse ? left : Arrays.copyOf(left, left.length + 1);
    byte[] skip = knownDead(start);
    if (skip == null) {
      scan().next();
    } else if (skip.length == 0) {
      key = null;
      return;
    } else {
      scan().seek(skip);
    }
    arrive(skip == null ? start : skip);
  }

  @Override
  public void close() {
    if (scan != null) {
      scan.close();
    }
  }

  /** From {@code position}, in the scan's direction; reverse, the position itself is excluded. */
  private byte @Nullable [] knownDead(byte[] position) {
    if (view.dead().isEmpty(space)) {
      return null;
    }
    return reverse
        ? view.dead().skipBackward(space, position, view.seenAtLeast())
        : view.dead().skipForward(space, position, view.seenAtLeast());
  }

  /** After a move that began at {@code start}. */
  private void arrive(byte[] start) {
    key = scan().isValid() ? scan().key() : null;
    if (!scan().crossedDeadKeys()) {
      return;
    }
    byte[] low = reverse ? (key == null ? from : Arrays.copyOf(key, key.length + 1)) : start;
    byte[] high = reverse ? start : (key == null ? until : key);
    view.recent().foundDead(space, low, high, view.seenAtLeast(), view.seenAtMost());
  }

  private OrderedStore.Scan scan() {
    if (scan == null) {
      throw Invariant.broken("a scan is read only where it is valid");
    }
    return scan;
  }
}
