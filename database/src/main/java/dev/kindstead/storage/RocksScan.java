package dev.kindstead.storage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * A RocksDB iterator within bounds. Over CURRENT and INDEX it begins impatient: RocksDB gives up a
 * move that steps over more than {@value #DEAD_KEYS_CROSSED_MIN} dead keys. That is how we learn of
 * them at no cost; the move is then made again by a patient iterator. Confined to one thread; it
 * has entered the database's gate.
 */
final class RocksScan implements OrderedStore.Scan {
  /** Deleted keys in one gap that are worth remembering. */
  private static final long DEAD_KEYS_CROSSED_MIN = 64;

  private final RocksDatabase database;
  private final RocksDB rocks;
  private final ColumnFamilyHandle family;
  private final ReadOptions options;
  private final @Nullable Slice lower;
  private final @Nullable Slice upper;
  private final boolean reverse;
  private RocksIterator iterator;
  private boolean valid;
  private boolean crossedDeadKeys;
  private byte @Nullable [] key;
  private boolean closed;

  RocksScan(
      RocksDatabase database,
      RocksDB rocks,
      ColumnFamilyHandle family,
      ReadOptions options,
      byte[] from,
      byte[] until,
      boolean reverse,
      Space space) {
    this.database = database;
    this.rocks = rocks;
    this.family = family;
    this.options = options;
    this.reverse = reverse;
    lower = from.length == 0 ? null : new Slice(from);
    upper = until.length == 0 ? null : new Slice(until);
    if (lower != null) {
      options.setIterateLowerBound(lower);
    }
    if (upper != null) {
      options.setIterateUpperBound(upper);
    }
    if (space == Space.CURRENT || space == Space.INDEX) {
      options.setMaxSkippableInternalKeys(DEAD_KEYS_CROSSED_MIN);
    }
    iterator = rocks.newIterator(family, options);
    try {
      toStart();
      if (gaveUp()) {
        patiently();
        toStart();
        checkArrived();
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public boolean isValid() {
    return valid;
  }

  @Override
  public byte[] key() {
    if (key == null) {
      key = iterator.key();
    }
    return key;
  }

  @Override
  public byte[] value() {
    return iterator.value();
  }

  @Override
  public void next() {
    byte[] left = key();
    step();
    if (gaveUp()) {
      patiently();
      toKey(left);
      if (iterator.isValid() && Arrays.equals(iterator.key(), left)) {
        step();
      }
      checkArrived();
    }
  }

  @Override
  public void seek(byte[] target) {
    toKey(target);
    if (gaveUp()) {
      patiently();
      toKey(target);
      checkArrived();
    }
  }

  @Override
  public boolean crossedDeadKeys() {
    return crossedDeadKeys;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    iterator.close();
    options.close();
    if (lower != null) {
      lower.close();
    }
    if (upper != null) {
      upper.close();
    }
    database.gate().leave();
  }

  private void toStart() {
    if (reverse) {
      iterator.seekToLast();
    } else {
      iterator.seekToFirst();
    }
  }

  private void toKey(byte[] target) {
    if (reverse) {
      iterator.seekForPrev(target);
    } else {
      iterator.seek(target);
    }
  }

  private void step() {
    if (reverse) {
      iterator.prev();
    } else {
      iterator.next();
    }
  }

  /** After a move of the first iterator: false when it arrived, at a key or at the end. */
  private boolean gaveUp() {
    key = null;
    crossedDeadKeys = false;
    valid = iterator.isValid();
    if (!valid) {
      try {
        iterator.status();
      } catch (RocksDBException e) {
        if (!RocksDatabase.isIncomplete(e)) {
          throw database.failure("scan", e);
        }
        return true;
      }
    }
    return false;
  }

  private void patiently() {
    iterator.close();
    options.setMaxSkippableInternalKeys(0);
    iterator = rocks.newIterator(family, options);
    crossedDeadKeys = true;
  }

  private void checkArrived() {
    valid = iterator.isValid();
    if (!valid) {
      try {
        iterator.status();
      } catch (RocksDBException e) {
        throw database.failure("scan", e);
      }
    }
  }
}
