package dev.kindstead.storage;

import org.jspecify.annotations.Nullable;

/**
 * What was alive at a snapshot's timestamp in a range and is superseded by now, in the order of the
 * scan. Confined to one thread.
 */
sealed interface Superseded extends AutoCloseable permits RecentlySuperseded, LongSuperseded {
  /** The plain key here, null at the end. */
  byte @Nullable [] key();

  /** The superseded row or index entry. */
  byte[] value();

  void next();

  @Override
  void close();
}
