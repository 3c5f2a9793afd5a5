package dev.kindstead.transaction;

import dev.kindstead.encoding.CompositeKeyEncoding;
import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.ReadRange;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.Space;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way into a shard: exclusive latches on every entity being written (and with it on
 * its index entries, which are nobody else's) and, for commits over several shards, shared latches
 * on what they read.
 *
 * <p>Thread rule: changed on the shard's executor; {@link #holderOf} and {@link #blockerOfScan}
 * from any thread.
 *
 * <p><b>Invariants.</b> A key has at most one holder. Whoever commits at a timestamp at or below T
 * is found here by a reader that took T from the oracle before it looked, until the commit is
 * visible in the store (rule 1). A single-shard commit needs no shared latches: whatever comes
 * after it in its shard also has a later timestamp.
 */
final class Latches {
  private final ConcurrentHashMap<Bytes, Holder> written = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<Holder> holders = new CopyOnWriteArrayList<>();
  private final Map<Bytes, Integer> readKeys = new HashMap<>();
  private final CopyOnWriteArrayList<HeldPart> reading = new CopyOnWriteArrayList<>();

  void open(Holder holder) {
    holders.add(holder);
  }

  void close(Holder holder) {
    holders.remove(holder);
  }

  void latch(Collection<Bytes> keys, Holder holder) {
    for (Bytes key : keys) {
      written.put(key, holder);
    }
  }

  /**
   * Frees what is still the holder's: of former terms, a prepared part may have taken it over.
   *
   * @param holder null for one that never latched
   */
  void unlatch(Collection<Bytes> keys, @Nullable Holder holder) {
    if (holder == null) {
      return;
    }
    for (Bytes key : keys) {
      written.remove(key, holder);
    }
  }

  void latchReads(HeldPart part) {
    if (!part.readKeys().isEmpty() || !part.readRanges().isEmpty()) {
      reading.add(part);
      part.readKeys().forEach(key -> readKeys.merge(key, 1, Integer::sum));
    }
  }

  void unlatchReads(HeldPart part) {
    if (reading.remove(part)) {
      part.readKeys()
          .forEach(key -> readKeys.computeIfPresent(key, (_, n) -> n > 1 ? n - 1 : null));
    }
  }

  /** Keys latched, and commits that hold or await anything. */
  int size() {
    return written.size() + holders.size() + reading.size();
  }

  /** How many wait for those who hold or await anything. */
  int waiting() {
    return holders.stream().mapToInt(Holder::waiting).sum();
  }

  @Nullable Holder holderOf(Bytes key) {
    return written.get(key);
  }

  /**
   * Someone who may yet commit at or below {@code timestamp}, anywhere on the shard.
   *
   * @param onlyIntents whether what is not prepared can't be seen by anybody any more
   */
  @Nullable Holder blockerOfScan(long timestamp, boolean onlyIntents) {
    for (Holder holder : holders) {
      if (holder.floor() <= timestamp && (!onlyIntents || holder.isIntent())) {
        return holder;
      }
    }
    return null;
  }

  /** Whoever writes, or holds locks on, a key that is to be written. */
  @Nullable Holder blockerOfWrites(Collection<Bytes> keys) {
    for (Bytes key : keys) {
      Holder holder = written.get(key);
      if (holder != null) {
        return holder;
      }
      if (!readKeys.isEmpty() && readKeys.containsKey(key)) {
        return readerOf(key);
      }
    }
    return null;
  }

  private @Nullable Holder readerOf(Bytes key) {
    for (HeldPart part : reading) {
      if (part.readKeys().contains(key)) {
        return part.holder();
      }
    }
    return null;
  }

  /** Whoever holds a lock on a range into which one of the changes falls. */
  @Nullable Holder blockerOfChanges(List<Change> changes) {
    for (HeldPart part : reading) {
      for (ReadRange range : part.readRanges()) {
        if (touches(changes, range)) {
          return part.holder();
        }
      }
    }
    return null;
  }

  /** Whether a lock is held on a range of a composite index. */
  boolean isRead(long index) {
    return reading.stream()
        .flatMap(part -> part.readRanges().stream())
        .filter(range -> range.space() == Space.INDEX)
        .map(ReadRange::from)
        .anyMatch(from ->
            CompositeKeyEncoding.isComposite(from) && CompositeKeyEncoding.index(from) == index);
  }

  /** Whether something is being written that was read. */
  boolean isBeingWritten(ReadPart reads) {
    for (Bytes key : reads.keys().keySet()) {
      if (written.containsKey(key)) {
        return true;
      }
    }
    for (ReadRange range : reads.ranges()) {
      for (Holder holder : holders) {
        for (List<Change> changes : holder.changes()) {
          if (touches(changes, range)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean touches(List<Change> changes, ReadRange range) {
    for (Change change : changes) {
      boolean inside =
          switch (change) {
            case Change.PutEntity put -> contains(range, Space.CURRENT, put.key());
            case Change.DeleteEntity delete -> contains(range, Space.CURRENT, delete.key());
            case Change.PutIndexEntry put -> contains(range, Space.INDEX, put.key());
            case Change.DeleteIndexEntry delete -> contains(range, Space.INDEX, delete.key());
          };
      if (inside) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(ReadRange range, Space space, byte[] key) {
    return range.space() == space
        && Arrays.compareUnsigned(range.from(), key) <= 0
        && (range.until().length == 0 || Arrays.compareUnsigned(key, range.until()) < 0);
  }
}
