package dev.kindstead.storage;

import dev.kindstead.model.Bytes;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An MVCC read view of one shard at one timestamp: what was current then, whatever was committed
 * since. Consistent over entities and index entries. Close it.
 *
 * <p>Thread-safe, but each scan is for one thread.
 */
public interface Snapshot extends AutoCloseable {
  /** The timestamp read at, in microseconds. */
  long timestamp();

  @Nullable EntityRow entity(byte[] entityKey);

  /** Several of them in the order of their keys, read together. */
  List<@Nullable EntityRow> entities(List<byte[]> entityKeys);

  /**
   * The same as {@link #entity} if that needs no disk; otherwise {@code needsDisk} runs, the answer
   * is null, and {@code entity} is to be asked where a thread may wait.
   */
  @Nullable EntityRow entityFromMemory(byte[] entityKey, Runnable needsDisk);

  /** Entities with keys in [from, until), empty until meaning no bound. */
  EntityScan entities(byte[] from, byte[] until, boolean reverse);

  /** Index entries in [from, until), empty until meaning no bound. */
  IndexScan indexEntries(byte[] from, byte[] until, boolean reverse);

  /**
   * Which entities with keys in [from, until) were written or deleted after a timestamp: all of
   * those until this snapshot, perhaps some of those after it. Null when that is not known any
   * more, as it is for the last {@value RecentChanges#CHANGES_MAX} changes of a shard at most.
   */
  @Nullable Set<Bytes> changedSince(long since, byte[] from, byte[] until);

  @Override
  void close();

  /** Confined to one thread. */
  interface EntityScan extends AutoCloseable {
    boolean isValid();

    byte[] key();

    EntityRow row();

    void next();

    @Override
    void close();
  }

  /** Confined to one thread. */
  interface IndexScan extends AutoCloseable {
    boolean isValid();

    byte[] key();

    /** Timestamp of the commit that added the entry. */
    long from();

    int slot();

    boolean multiValued();

    void next();

    @Override
    void close();
  }
}
