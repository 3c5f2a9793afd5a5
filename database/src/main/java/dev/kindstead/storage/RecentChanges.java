package dev.kindstead.storage;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a shard's last commits in timestamp order, with what they superseded. Reads and
 * validations are almost always milliseconds old: they look at the few commits after their
 * timestamp here, instead of at all that died in the current history bucket.
 *
 * <p><b>Invariant.</b> A commit is in here before it is written to the store, so a reader that
 * first looks into the store and then here finds every commit that it may have seen.
 *
 * <p>Thread-safe; the lock is held for a search and a copy of references.
 */
final class RecentChanges {
  /** Changes kept: about 20 seconds of a shard at 5,000 a second. */
  static final int CHANGES_MAX = 100_000;

  /** Bytes of keys and index entries kept, objects included. */
  static final long BYTES_MAX = 16L << 20;

  private static final int CHANGE_OVERHEAD_BYTES = 80;
  private static final Commit[] NONE = {};
  private static final Commit EMPTY = new Commit(0, 0, List.of(), List.of());

  /**
   * One change.
   *
   * @param before the entry it superseded if that is an index entry, an empty array if it is an
   *     entity row (which history has), null if there was nothing
   */
  record Recent(byte[] key, byte @Nullable [] before, boolean isPut) {}

  /** The changes of one commit; {@code sequence} counts the commits of this process. */
  record Commit(long timestamp, long sequence, List<Recent> entities, List<Recent> indexEntries) {
    List<Recent> in(Space space) {
      return space == Space.CURRENT ? entities : indexEntries;
    }
  }

  private final DeadRanges dead;
  private Commit[] ring = new Commit[1024];
  private int head;
  private int count;
  private long changes;
  private long bytes;

  /** Every commit after this timestamp is in the ring. */
  private long coveredAfter;

  private volatile long newest;
  private volatile long sequenceStaged;
  private volatile long sequenceApplied;

  RecentChanges(long lastApplied, DeadRanges dead) {
    coveredAfter = lastApplied;
    newest = lastApplied;
    this.dead = dead;
    Arrays.fill(ring, EMPTY);
  }

  /** Before the commit's writes are written. */
  synchronized void add(long timestamp, List<Recent> entities, List<Recent> indexEntries) {
    for (Recent change : entities) {
      noteForRanges(Space.CURRENT, change);
    }
    for (Recent change : indexEntries) {
      noteForRanges(Space.INDEX, change);
    }
    Commit commit = new Commit(timestamp, sequenceStaged + 1, entities, indexEntries);
    insert(commit);
    while (changes > CHANGES_MAX || bytes > BYTES_MAX) {
      removeOldest();
    }
    newest = Math.max(newest, timestamp);
    sequenceStaged = commit.sequence;
  }

  /** Forgets every commit up to {@code timestamp}, the newest there is. */
  synchronized void forget(long timestamp) {
    while (count > 0) {
      removeOldest();
    }
    coveredAfter = Math.max(coveredAfter, timestamp);
  }

  /**
   * Before a state of commits up to {@code timestamp} takes the place of the store's, none of which
   * is known here: counted as one that nobody can tell anything of, so that no reader of the old
   * state teaches a dead range to the readers of the new one.
   */
  synchronized void replacing(long timestamp) {
    forget(timestamp);
    newest = Math.max(newest, timestamp);
    sequenceStaged++;
    dead.clear();
  }

  /** After it has. */
  synchronized void replaced() {
    sequenceApplied = sequenceStaged;
  }

  /** After the commit's writes were written. */
  synchronized void applied(long timestamp) {
    int position = firstAfter(timestamp - 1);
    if (position < count && at(position).timestamp == timestamp) {
      sequenceApplied = Math.max(sequenceApplied, at(position).sequence);
    } else if (count == 0) {
      sequenceApplied = sequenceStaged;
    }
  }

  /**
   * Every commit after {@code timestamp}, oldest first, or null when not all are known any more.
   */
  Commit @Nullable [] since(long timestamp) {
    if (timestamp >= newest) {
      return NONE;
    }
    synchronized (this) {
      if (timestamp < coveredAfter) {
        return null;
      }
      int first = firstAfter(timestamp);
      Commit[] found = new Commit[count - first];
      for (int i = 0; i < found.length; i++) {
        found[i] = at(first + i);
      }
      return found;
    }
  }

  /** Whether a state read before this call held no commit after {@code timestamp}. */
  boolean isNoneAfter(long timestamp) {
    return timestamp >= newest;
  }

  /** A view opened after this call contains at least the commits up to this sequence. */
  long sequenceApplied() {
    return sequenceApplied;
  }

  /** A view opened before this call contains at most the commits up to this sequence. */
  long sequenceStaged() {
    return sequenceStaged;
  }

  /**
   * A scan found no key in [from, until), empty meaning no bound, in a view that contains at least
   * the commits up to {@code seenAtLeast} and at most those up to {@code seenAtMost}: remembered
   * unless something was put there since.
   */
  synchronized void foundDead(
      Space space, byte[] from, byte[] until, long seenAtLeast, long seenAtMost) {
    long unseen = sequenceStaged - seenAtLeast;
    if (unseen > count) {
      return;
    }
    for (int i = count - 1; unseen > 0; i--) {
      if (i < 0) {
        return;
      }
      if (at(i).sequence > seenAtLeast) {
        unseen--;
        for (Recent change : at(i).in(space)) {
          if (change.isPut && isWithin(change.key, from, until)) {
            return;
          }
        }
      }
    }
    dead.add(space, from, until, seenAtMost, sequenceApplied);
  }

  static boolean isWithin(byte[] key, byte[] from, byte[] until) {
    return Arrays.compareUnsigned(key, from) >= 0
        && (until.length == 0 || Arrays.compareUnsigned(key, until) < 0);
  }

  private void noteForRanges(Space space, Recent change) {
    if (change.isPut) {
      dead.revive(space, change.key);
    }
  }

  /** In timestamp order; a commit decided elsewhere may come a little late. */
  private void insert(Commit commit) {
    if (commit.timestamp <= coveredAfter) {
      return;
    }
    if (count == ring.length) {
      grow();
    }
    int position = count++;
    while (position > 0 && at(position - 1).timestamp > commit.timestamp) {
      set(position, at(position - 1));
      position--;
    }
    set(position, commit);
    changes += size(commit);
    bytes += bytes(commit);
  }

  private void removeOldest() {
    Commit oldest = at(0);
    ring[head] = EMPTY;
    head = (head + 1) & (ring.length - 1);
    count--;
    changes -= size(oldest);
    bytes -= bytes(oldest);
    coveredAfter = Math.max(coveredAfter, oldest.timestamp);
  }

  /** Position of the oldest commit after {@code timestamp}; {@code count} if there is none. */
  private int firstAfter(long timestamp) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).timestamp > timestamp) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private Commit at(int position) {
    return ring[(head + position) & (ring.length - 1)];
  }

  private void set(int position, Commit commit) {
    ring[(head + position) & (ring.length - 1)] = commit;
  }

  private void grow() {
    Commit[] larger = new Commit[ring.length * 2];
    for (int i = 0; i < count; i++) {
      larger[i] = at(i);
    }
    Arrays.fill(larger, count, larger.length, EMPTY);
    ring = larger;
    head = 0;
  }

  private static long size(Commit commit) {
    return commit.entities.size() + commit.indexEntries.size();
  }

  private static long bytes(Commit commit) {
    return bytes(commit.entities) + bytes(commit.indexEntries);
  }

  private static long bytes(List<Recent> changes) {
    long bytes = 0;
    for (Recent change : changes) {
      bytes += CHANGE_OVERHEAD_BYTES + change.key.length;
    }
    return bytes;
  }
}
