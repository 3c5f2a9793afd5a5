package dev.kindstead.storage;

import dev.kindstead.model.Invariant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range as it was at a timestamp: the current keys that are that old, merged with the superseded
 * ones that were alive then. Confined to one thread.
 */
final class MergedScan implements AutoCloseable {
  private final CurrentScan current;
  private final Superseded superseded;
  private final long timestamp;

  /** Whether the view may hold commits after the timestamp. */
  private final boolean hasNewer;

  private final boolean reverse;
  private byte @Nullable [] key;
  private byte @Nullable [] value;
  private boolean isCurrent;

  /** By throwing it leaves both scans to the caller to close. */
  MergedScan(
      CurrentScan current,
      Superseded superseded,
      long timestamp,
      boolean hasNewer,
      boolean reverse) {
    this.current = current;
    this.superseded = superseded;
    this.timestamp = timestamp;
    this.hasNewer = hasNewer;
    this.reverse = reverse;
    settle();
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
    if (value == null) {
      value = isCurrent ? current.value() : superseded.value();
    }
    return value;
  }

  void next() {
    byte[] left = key();
    if (isCurrent) {
      current.next();
    }
    byte[] other = superseded.key();
    if (other != null && Arrays.equals(other, left)) {
      superseded.next();
    }
    settle();
  }

  @Override
  public void close() {
    current.close();
    superseded.close();
  }

  private void settle() {
    value = null;
    while (hasNewer && current.isValid()) {
      byte[] here = current.value();
      if (Rows.from(here) <= timestamp) {
        value = here;
        break;
      }
      current.next();
    }
    byte[] old = superseded.key();
    isCurrent = current.isValid() && (old == null || comesFirst(current.key(), old));
    key = isCurrent ? current.key() : old;
    if (!isCurrent) {
      value = null;
    }
  }

  /** A key in both is superseded by a commit that the view does not hold: it is still current. */
  private boolean comesFirst(byte[] currentKey, byte[] old) {
    int order = Arrays.compareUnsigned(currentKey, old);
    return reverse ? order >= 0 : order <= 0;
  }
}
