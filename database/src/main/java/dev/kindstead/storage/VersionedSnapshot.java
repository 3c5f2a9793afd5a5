package dev.kindstead.storage;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.Invariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a {@link VersionedStore}. Single entities are looked up in the live store, for what
 * was alive at the timestamp can be told of any newer state; a view is opened with the first scan.
 *
 * <p>Always in this order: look into the store, then into {@link RecentChanges}, then at the
 * collection threshold. Each of the two is published before what it tells of is written.
 */
final class VersionedSnapshot implements Snapshot {
  private final VersionedStore versioned;
  private final OrderedStore store;
  private final long timestamp;
  private @Nullable OpenView view;
  private boolean closed;

  VersionedSnapshot(VersionedStore versioned, long timestamp) {
    this.versioned = versioned;
    this.store = versioned.store();
    this.timestamp = timestamp;
  }

  @Override
  public long timestamp() {
    return timestamp;
  }

  @Override
  public @Nullable EntityRow entity(byte[] entityKey) {
    return entity(entityKey, store.get(Space.CURRENT, entityKey));
  }

  @Override
  public List<@Nullable EntityRow> entities(List<byte[]> entityKeys) {
    List<byte @Nullable []> current = store.getAll(Space.CURRENT, entityKeys);
    List<@Nullable EntityRow> rows = new ArrayList<>(entityKeys.size());
    for (int i = 0; i < entityKeys.size(); i++) {
      rows.add(entity(entityKeys.get(i), current.get(i)));
    }
    return rows;
  }

  private @Nullable EntityRow entity(byte[] entityKey, byte @Nullable [] current) {
    byte[] row =
        current == null || Rows.from(current) > timestamp ? superseded(entityKey) : current;
    return row == null ? null : Rows.decode(row);
  }

  @Override
  public @Nullable EntityRow entityFromMemory(byte[] entityKey, Runnable needsDisk) {
    boolean[] onDisk = {false};
    byte[] row = store.getFromMemory(Space.CURRENT, entityKey, () -> onDisk[0] = true);
    if (!onDisk[0] && row == null && versioned.recent().isNoneAfter(timestamp)) {
      return null;
    }
    if (row == null || Rows.from(row) > timestamp) {
      needsDisk.run();
      return null;
    }
    return Rows.decode(row);
  }

  @Override
  public EntityScan entities(byte[] from, byte[] until, boolean reverse) {
    return new Entities(merged(Space.CURRENT, from, until, reverse));
  }

  @Override
  public IndexScan indexEntries(byte[] from, byte[] until, boolean reverse) {
    return new IndexEntries(merged(Space.INDEX, from, until, reverse));
  }

  @Override
  public @Nullable Set<Bytes> changedSince(long since, byte[] from, byte[] until) {
    RecentChanges.Commit[] commits = versioned.recent().since(since);
    if (commits == null) {
      return null;
    }
    Set<Bytes> keys = new HashSet<>();
    for (RecentChanges.Commit commit : commits) {
      for (RecentChanges.Recent change : commit.entities()) {
        if (RecentChanges.isWithin(change.key(), from, until)) {
          keys.add(Bytes.of(change.key()));
        }
      }
    }
    return keys;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (view != null) {
      view.close();
      view = null;
    }
  }

  /** The row of a key that is not current or too new. */
  private byte @Nullable [] superseded(byte[] key) {
    RecentChanges.Commit[] commits = versioned.recent().since(timestamp);
    byte[] row = commits == null ? longSuperseded(key) : recentlySuperseded(key, commits);
    versioned.checkReadable(timestamp);
    return row;
  }

  private byte @Nullable [] recentlySuperseded(byte[] key, RecentChanges.Commit[] commits) {
    for (RecentChanges.Commit commit : commits) {
      for (RecentChanges.Recent change : commit.entities()) {
        if (Arrays.equals(change.key(), key)) {
          return change.before() == null ? null : before(key, commit.timestamp());
        }
      }
    }
    return null;
  }

  /** In history once the commit is written, current until then. */
  private byte @Nullable [] before(byte[] key, long until) {
    byte[] historyKey = HistoryKeys.key(Space.CURRENT, key, until);
    byte[] row = store.get(Space.HISTORY, historyKey);
    if (row == null) {
      row = store.get(Space.CURRENT, key);
      if (row == null || Rows.from(row) > timestamp) {
        row = store.get(Space.HISTORY, historyKey);
      }
    }
    return row;
  }

  private byte @Nullable [] longSuperseded(byte[] key) {
    OrderedStore.View opened = view().view();
    byte[] row = opened.get(Space.CURRENT, key);
    if (row != null && Rows.from(row) <= timestamp) {
      return row;
    }
    byte[] start = HistoryKeys.bucketStart(HistoryKeys.bucket(timestamp));
    try (OrderedStore.Scan scan = opened.scan(Space.HISTORY, start, new byte[0], false)) {
      for (long bucket : versioned.buckets().from(timestamp)) {
        byte[] first = HistoryKeys.key(bucket, Space.CURRENT, key, timestamp + 1);
        byte[] end = HistoryKeys.key(bucket, Space.CURRENT, key, Long.MAX_VALUE);
        scan.seek(first);
        if (scan.isValid() && RecentChanges.isWithin(scan.key(), first, end)) {
          byte[] value = scan.value();
          return Rows.from(value) <= timestamp ? value : null;
        }
      }
    }
    return null;
  }

  private MergedScan merged(Space space, byte[] from, byte[] until, boolean reverse) {
    OpenView opened = view();
    RecentChanges.Commit[] commits = versioned.recent().since(timestamp);
    List<Long> buckets = commits == null ? versioned.buckets().from(timestamp) : List.of();
    versioned.checkReadable(timestamp);
    Superseded superseded =
        commits == null
            ? new LongSuperseded(opened.view(), buckets, timestamp, space, from, until, reverse)
            : new RecentlySuperseded(opened.view(), commits, space, from, until, reverse);
    boolean hasNewer = commits == null || commits.length > 0;
    CurrentScan current = null;
    try {
      current = new CurrentScan(opened, space, from, until, reverse);
      return new MergedScan(current, superseded, timestamp, hasNewer, reverse);
    } catch (RuntimeException | Error failure) {
      superseded.close();
      if (current != null) {
        current.close();
      }
      throw failure;
    }
  }

  private synchronized OpenView view() {
    Invariant.check(!closed, "a snapshot is not read after its close");
    if (view == null) {
      view = versioned.openView();
    }
    return view;
  }

  private static final class Entities implements EntityScan {
    private final MergedScan scan;

    Entities(MergedScan scan) {
      this.scan = scan;
    }

    @Override
    public boolean isValid() {
      return scan.isValid();
    }

    @Override
    public byte[] key() {
      return scan.key();
    }

    @Override
    public EntityRow row() {
      return Rows.decode(scan.value());
    }

    @Override
    public void next() {
      scan.next();
    }

    @Override
    public void close() {
      scan.close();
    }
  }

  private static final class IndexEntries implements IndexScan {
    private final MergedScan scan;

    IndexEntries(MergedScan scan) {
      this.scan = scan;
    }

    @Override
    public boolean isValid() {
      return scan.isValid();
    }

    @Override
    public byte[] key() {
      return scan.key();
    }

    @Override
    public long from() {
      return Rows.from(Rows.checkedIndexEntry(scan.value()));
    }

    @Override
    public int slot() {
      return Rows.slot(Rows.checkedIndexEntry(scan.value()));
    }

    @Override
    public boolean multiValued() {
      return Rows.multiValued(Rows.checkedIndexEntry(scan.value()));
    }

    @Override
    public void next() {
      scan.next();
    }

    @Override
    public void close() {
      scan.close();
    }
  }
}
