package dev.kindstead.storage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sorted bytes in several spaces, written in atomic batches by one thread and read by many. RocksDB
 * is one, a sorted map with explicit sync points (memory, simulation) the other.
 *
 * <p>Durability: what {@link #write} wrote may be lost by a crash until {@link #flush} returns, but
 * only as a suffix of whole batches, never a part of one. Thread rule: {@code write}, {@code
 * flush}, {@code checkpoint} and {@code replaceBy} from the shard's applying thread; everything
 * else from any thread.
 */
public interface OrderedStore extends AutoCloseable {
  byte @Nullable [] get(Space space, byte[] key);

  /** The values of several keys, in their order: a store may find them together for less. */
  default List<byte @Nullable []> getAll(Space space, List<byte[]> keys) {
    List<byte @Nullable []> values = new ArrayList<>(keys.size());
    keys.forEach(key -> values.add(get(space, key)));
    return values;
  }

  /** The same as {@link #get} if it needs no disk, otherwise {@code needsDisk} runs. */
  default byte @Nullable [] getFromMemory(Space space, byte[] key, Runnable needsDisk) {
    return get(space, key);
  }

  /** A consistent view over all spaces, as of now. Close it. */
  View view();

  /** Applies all of the writes or, by throwing, none; readers see all or none. */
  void write(WriteSet writes);

  /**
   * Whether a write has been waiting for a while, because the disk does not keep up with what is
   * written: nothing more should be begun that ends in writes.
   */
  default boolean isBehind() {
    return false;
  }

  /** Returns when everything written so far survives a power cut. */
  void flush();

  /** Writes a complete, flushed copy into the directory, which must not exist. */
  void checkpoint(Path directory);

  /**
   * Replaces all that is in here, durably, by what {@link #checkpoint} wrote into the directory,
   * which is only read. A crash leaves the old state or the new one, whole; so does a failure,
   * which is thrown. Views opened before go on reading the old state.
   *
   * @param beforeSeen is shown the new state when no reader can have seen it; by throwing it keeps
   *     the old one
   */
  void replaceBy(Path checkpoint, Consumer<View> beforeSeen);

  @Override
  void close();

  /** A frozen state. Thread-safe, but each scan is for one thread. */
  interface View extends AutoCloseable {
    byte @Nullable [] get(Space space, byte[] key);

    /**
     * A scan of [{@code from}, {@code until}); an empty {@code until} means no upper bound.
     *
     * @param reverse greatest key first
     */
    Scan scan(Space space, byte[] from, byte[] until, boolean reverse);

    @Override
    void close();
  }

  /**
   * A position among keys. It starts at the first key, if {@link #isValid}. Confined to one thread.
   */
  interface Scan extends AutoCloseable {
    boolean isValid();

    byte[] key();

    byte[] value();

    void next();

    /** Moves to the first key at or after {@code key} in the scan's direction, within its range. */
    void seek(byte[] key);

    /**
     * Whether the last move had to step over many deleted keys, as only log-structured stores do.
     */
    default boolean crossedDeadKeys() {
      return false;
    }

    @Override
    void close();
  }
}
