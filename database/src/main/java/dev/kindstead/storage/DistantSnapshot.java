package dev.kindstead.storage;

import dev.kindstead.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a shard whose rows another node has: entities come as they are asked for, scans in
 * pages that grow. Some entities may be there from the beginning; to read those waits for nobody.
 */
public final class DistantSnapshot implements Snapshot {
  /** Rows of a scan's first page: most queries want no more. */
  private static final int FIRST_ROWS = 64;

  /** Each page is so many times as long as the one before. */
  private static final int GROWTH = 4;

  private final long timestamp;
  private final Map<Bytes, byte[]> known;
  private final RowSource source;

  /** Where the rows are. Waits for them; fails with a DatastoreException. */
  public interface RowSource {
    /** See {@link RowPage#lookUp}: perhaps only the first ones. */
    List<byte[]> lookUp(List<byte[]> entityKeys);

    /** See {@link RowPage#scan}. */
    RowPage scan(RowRange range, int rowsMax);

    /** See {@link Snapshot#changedSince}. */
    @Nullable Set<Bytes> changedSince(long since, byte[] from, byte[] until);
  }

  /**
   * @param known rows of entities by their keys, with no bytes for one that is absent
   */
  public DistantSnapshot(long timestamp, Map<Bytes, byte[]> known, RowSource source) {
    this.timestamp = timestamp;
    this.known = known;
    this.source = source;
  }

  @Override
  public long timestamp() {
    return timestamp;
  }

  @Override
  public @Nullable EntityRow entity(byte[] entityKey) {
    byte[] row = known.get(Bytes.of(entityKey));
    return RowPage.row(row == null ? source.lookUp(List.of(entityKey)).getFirst() : row);
  }

  @Override
  public List<@Nullable EntityRow> entities(List<byte[]> entityKeys) {
    List<byte[]> missing =
        entityKeys.stream().filter(key -> !known.containsKey(Bytes.of(key))).toList();
    var found = new ArrayList<byte[]>();
    while (found.size() < missing.size()) {
      found.addAll(source.lookUp(missing.subList(found.size(), missing.size())));
    }
    var rows = new ArrayList<@Nullable EntityRow>(entityKeys.size());
    int next = 0;
    for (byte[] key : entityKeys) {
      byte[] row = known.get(Bytes.of(key));
      rows.add(RowPage.row(row == null ? found.get(next++) : row));
    }
    return rows;
  }

  @Override
  public @Nullable EntityRow entityFromMemory(byte[] entityKey, Runnable needsDisk) {
    byte[] row = known.get(Bytes.of(entityKey));
    if (row == null) {
      needsDisk.run();
      return null;
    }
    return RowPage.row(row);
  }

  @Override
  public EntityScan entities(byte[] from, byte[] until, boolean reverse) {
    return new Pages(new RowRange(Space.CURRENT, from, until, reverse));
  }

  @Override
  public IndexScan indexEntries(byte[] from, byte[] until, boolean reverse) {
    return new Pages(new RowRange(Space.INDEX, from, until, reverse));
  }

  @Override
  public @Nullable Set<Bytes> changedSince(long since, byte[] from, byte[] until) {
    return source.changedSince(since, from, until);
  }

  @Override
  public void close() {}

  private final class Pages implements EntityScan, IndexScan {
    private RowRange left;
    private int rowsMax = FIRST_ROWS;
    private RowPage page;
    private int place;

    Pages(RowRange range) {
      left = range;
      page = source.scan(range, rowsMax);
    }

    @Override
    public boolean isValid() {
      return place < page.keys().size();
    }

    @Override
    public byte[] key() {
      return page.keys().get(place);
    }

    @Override
    public EntityRow row() {
      return Rows.decode(page.rows().get(place));
    }

    @Override
    public long from() {
      return Rows.from(indexEntry());
    }

    @Override
    public int slot() {
      return Rows.slot(indexEntry());
    }

    @Override
    public boolean multiValued() {
      return Rows.multiValued(indexEntry());
    }

    private byte[] indexEntry() {
      return Rows.checkedIndexEntry(page.rows().get(place));
    }

    @Override
    public void next() {
      byte[] last = key();
      place++;
      if (!isValid() && !page.isLast()) {
        left = left.behind(last);
        rowsMax = Math.min(rowsMax * GROWTH, RowPage.ROWS_MAX);
        page = source.scan(left, rowsMax);
        place = 0;
      }
    }

    @Override
    public void close() {}
  }
}
