package dev.kindstead.storage;

import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Invariant;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard's versioned state over an {@link OrderedStore}: current rows apart from history (design
 * D5). It alone writes CURRENT, INDEX and HISTORY.
 *
 * <p>The applying thread stages the commits of a batch into one {@link WriteSet}, writes it, then
 * says what is applied. What is staged is written, or nothing is staged any more.
 *
 * <p>Thread rule: {@link #stage}, {@link #applied}, {@link #stageCollection}, {@link #stageReset}
 * and {@link #replaceBy} from the shard's applying thread; reads from any thread.
 */
public final class VersionedStore {
  private static final byte[] LAST_APPLIED =
      "storage/last-applied".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COLLECTION_THRESHOLD =
      "storage/collection-threshold".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ROW_IN_HISTORY = {};

  private final OrderedStore store;
  private final HistoryBuckets buckets;
  private final DeadRanges dead = new DeadRanges();
  private final RecentChanges recent;
  private long lastStaged;
  private volatile long lastApplied;
  private volatile long collectionThreshold;

  /** While, or for ever after a failure, what memory tells may not be what the store holds. */
  private volatile boolean replacing;

  public VersionedStore(OrderedStore store) {
    this.store = store;
    buckets = new HistoryBuckets(store);
    lastApplied = timestamp(store.get(Space.META, LAST_APPLIED));
    lastStaged = lastApplied;
    collectionThreshold = timestamp(store.get(Space.META, COLLECTION_THRESHOLD));
    recent = new RecentChanges(lastApplied, dead);
  }

  public OrderedStore store() {
    return store;
  }

  /** The newest applied version of an entity. */
  public @Nullable EntityRow current(byte[] entityKey) {
    byte[] row = store.get(Space.CURRENT, entityKey);
    return row == null ? null : Rows.decode(row);
  }

  /** Whether the newest applied state has this index entry. */
  public boolean hasIndexEntry(byte[] entry) {
    return indexEntry(entry) != null;
  }

  /** What the newest applied state has at this index entry, for {@link Change.DeleteIndexEntry}. */
  public byte @Nullable [] indexEntry(byte[] entry) {
    byte[] stored = store.get(Space.INDEX, entry);
    return stored == null ? null : Rows.checkedIndexEntry(stored);
  }

  /** The same as {@link #current} if it needs no disk, otherwise {@code needsDisk} runs. */
  public @Nullable EntityRow currentFromMemory(byte[] entityKey, Runnable needsDisk) {
    byte[] row = store.getFromMemory(Space.CURRENT, entityKey, needsDisk);
    return row == null ? null : Rows.decode(row);
  }

  /**
   * Adds to {@code writes} all that a commit at {@code timestamp} changes, history included, on top
   * of what earlier commits staged into them. A commit changes a key at most once, except that it
   * may remove an index entry and then put it again with another mark.
   */
  public void stage(WriteSet writes, long timestamp, List<Change> changes) {
    List<RecentChanges.Recent> entities = new ArrayList<>();
    List<RecentChanges.Recent> indexEntries = new ArrayList<>(changes.size());
    for (Change change : changes) {
      switch (change) {
        case Change.PutEntity put -> {
          assert !put.isNew() || writes.get(store, Space.CURRENT, put.key()) == null;
          boolean existed =
              !put.isNew() && supersede(writes, Space.CURRENT, put.key(), timestamp) != null;
          writes.put(Space.CURRENT, put.key(), Rows.encode(put.row()));
          entities.add(new RecentChanges.Recent(put.key(), existed ? ROW_IN_HISTORY : null, true));
        }
        case Change.DeleteEntity delete -> {
          byte[] before = supersede(writes, Space.CURRENT, delete.key(), timestamp);
          Invariant.check(before != null, "a deleted entity was there");
          writes.delete(Space.CURRENT, delete.key());
          entities.add(new RecentChanges.Recent(delete.key(), ROW_IN_HISTORY, false));
        }
        case Change.PutIndexEntry put -> {
          byte[] entry = Rows.encodeIndexEntry(put.slot(), put.multiValued(), timestamp);
          writes.put(Space.INDEX, put.key(), entry);
          indexEntries.add(new RecentChanges.Recent(put.key(), null, true));
        }
        case Change.DeleteIndexEntry delete -> {
          byte[] before = delete.before();
          if (before == null) {
            before = writes.get(store, Space.INDEX, delete.key());
          }
          if (before == null) {
            throw Invariant.broken("a removed index entry was there");
          }
          assert Arrays.equals(before, writes.get(store, Space.INDEX, delete.key()));
          keep(writes, Space.INDEX, delete.key(), timestamp, before);
          writes.singleDelete(Space.INDEX, delete.key());
          indexEntries.add(new RecentChanges.Recent(delete.key(), before, false));
        }
      }
    }
    lastStaged = Math.max(lastStaged, timestamp);
    writes.put(Space.META, LAST_APPLIED, timestampBytes(lastStaged));
    buckets.add(timestamp);
    recent.add(timestamp, entities, indexEntries);
  }

  /** To be called after the staged writes were written: what is now visible. */
  public void applied(long timestamp, List<Change> changes) {
    recent.applied(timestamp);
    lastApplied = Math.max(lastApplied, timestamp);
  }

  /** The timestamp of the last applied commit, zero before the first. */
  public long lastApplied() {
    return lastApplied;
  }

  /**
   * The state at {@code timestamp}; the caller has made sure that every commit at or below it is
   * applied. FAILED_PRECONDITION when it lies below the garbage collection threshold, also later,
   * from the snapshot's reads, when the threshold has passed it meanwhile.
   */
  public Snapshot snapshot(long timestamp) {
    checkReadable(timestamp);
    return new VersionedSnapshot(this, timestamp);
  }

  /**
   * The newest applied state; its timestamp is that of the last applied commit. UNAVAILABLE for the
   * moment in which the state is replaced.
   */
  public Snapshot latest() {
    // In this order: a threshold of the new state is only used with the new state's last commit.
    long threshold = collectionThreshold;
    if (replacing) {
      throw new DatastoreException(Code.UNAVAILABLE, "The shard's state is being replaced.");
    }
    return new VersionedSnapshot(this, Math.max(lastApplied, threshold));
  }

  /** Whether an entity in [from, until) was written or deleted after {@code since}. */
  public boolean entitiesChangedSince(byte[] from, byte[] until, long since) {
    return mayHaveChangedSince(Space.CURRENT, from, until, since, WalkLimit.none());
  }

  /** Whether an index entry in [from, until) was added or removed after {@code since}. */
  public boolean indexChangedSince(byte[] from, byte[] until, long since) {
    return mayHaveChangedSince(Space.INDEX, from, until, since, WalkLimit.none());
  }

  /**
   * Whether an entity or an index entry in [from, until) may have changed after {@code since}: it
   * has, or finding out takes more rows than the limit.
   */
  public boolean mayHaveChangedSince(
      Space space, byte[] from, byte[] until, long since, WalkLimit limit) {
    RecentChanges.Commit[] commits = recent.since(since);
    if (commits != null) {
      for (RecentChanges.Commit commit : commits) {
        for (RecentChanges.Recent change : commit.in(space)) {
          if (RecentChanges.isWithin(change.key(), from, until)) {
            return true;
          }
        }
      }
      return false;
    }
    try (OpenView view = openView()) {
      return currentChangedSince(view, space, from, until, since, limit)
          || supersededSince(view, space, from, until, since, limit);
    }
  }

  /** Adds to {@code writes} the removal of all history superseded below {@code threshold}. */
  public void stageCollection(WriteSet writes, long threshold) {
    if (threshold <= collectionThreshold) {
      return;
    }
    long bucketBefore = HistoryKeys.bucket(collectionThreshold);
    collectionThreshold = threshold;
    writes.put(Space.META, COLLECTION_THRESHOLD, timestampBytes(threshold));
    if (buckets.removeBelow(threshold)) {
      writes.deleteRange(
          Space.HISTORY,
          HistoryKeys.bucketStart(bucketBefore),
          HistoryKeys.bucketStart(HistoryKeys.bucket(threshold)));
    }
  }

  /**
   * Adds to {@code writes} the removal of all entities and their history. Timestamps up to the last
   * one staged can't be read any more, except as empty.
   */
  public void stageReset(WriteSet writes) {
    collectionThreshold = Math.max(collectionThreshold, lastStaged);
    writes.put(Space.META, COLLECTION_THRESHOLD, timestampBytes(collectionThreshold));
    recent.forget(lastStaged);
    buckets.removeBelow(Long.MAX_VALUE);
    writes.clearRows();
  }

  /**
   * Replaces the whole state by a later one of the same history, from a checkpoint of another
   * replica's store. Snapshots open meanwhile stay right: what was alive at their timestamp can be
   * told of the new state as of the old one, unless it is below the new state's threshold, which is
   * refused.
   */
  public void replaceBy(Path checkpoint) {
    store.replaceBy(checkpoint, this::expect);
    lastApplied = lastStaged;
    recent.replaced();
    buckets.removeBelow(collectionThreshold);
    replacing = false;
  }

  /** Publishes what the new state makes untrue, before anybody sees it. */
  private void expect(OrderedStore.View state) {
    long applied = timestamp(state.get(Space.META, LAST_APPLIED));
    long threshold = timestamp(state.get(Space.META, COLLECTION_THRESHOLD));
    Invariant.check(
        applied >= lastApplied && threshold >= collectionThreshold,
        "a state is replaced by a later one");
    replacing = true;
    lastStaged = applied;
    collectionThreshold = threshold;
    buckets.addAll(state);
    recent.replacing(applied);
  }

  /** Snapshots below this timestamp are refused; zero before the first collection. */
  public long collectionThreshold() {
    return collectionThreshold;
  }

  RecentChanges recent() {
    return recent;
  }

  HistoryBuckets buckets() {
    return buckets;
  }

  OpenView openView() {
    return OpenView.of(store, recent, dead);
  }

  void checkReadable(long timestamp) {
    if (timestamp < collectionThreshold) {
      throw DatastoreException.failedPrecondition("The requested 'read_time' is too old.");
    }
  }

  /** Moves what is at the key into history and returns it; null when nothing is. */
  private byte @Nullable [] supersede(WriteSet writes, Space space, byte[] key, long timestamp) {
    byte[] before = writes.get(store, space, key);
    if (before != null) {
      keep(writes, space, key, timestamp, before);
    }
    return before;
  }

  private static void keep(
      WriteSet writes, Space space, byte[] key, long until, byte[] superseded) {
    writes.put(Space.HISTORY, HistoryKeys.key(space, key, until), superseded);
  }

  private static boolean currentChangedSince(
      OpenView view, Space space, byte[] from, byte[] until, long since, WalkLimit limit) {
    try (CurrentScan scan = new CurrentScan(view, space, from, until, false)) {
      for (; scan.isValid(); scan.next()) {
        if (!limit.take() || Rows.from(scan.value()) > since) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean supersededSince(
      OpenView view, Space space, byte[] from, byte[] until, long since, WalkLimit limit) {
    List<Long> bucketsSince = buckets.from(since);
    checkReadable(since);
    for (long bucket : bucketsSince) {
      byte[] low = HistoryKeys.lowerBound(bucket, space, from);
      byte[] high = HistoryKeys.upperBound(bucket, space, until);
      try (OrderedStore.Scan scan = view.view().scan(Space.HISTORY, low, high, false)) {
        for (; scan.isValid(); scan.next()) {
          if (!limit.take() || HistoryKeys.until(scan.key()) > since) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static long timestamp(byte @Nullable [] bytes) {
    return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
  }

  private static byte[] timestampBytes(long timestamp) {
    return ByteBuffer.allocate(Long.BYTES).putLong(timestamp).array();
  }
}
