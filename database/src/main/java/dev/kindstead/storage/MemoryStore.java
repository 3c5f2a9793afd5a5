package dev.kindstead.storage;

import dev.kindstead.model.Invariant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An ordered store in memory: immutable trees, so a view is the roots of its moment. For
 * development without files, and for simulation, where {@link #crash} forgets what a crash may.
 *
 * <p>Thread rule as {@link OrderedStore}'s; {@code crash} counts as a write.
 */
public final class MemoryStore implements OrderedStore {
  private final boolean crashes;
  private volatile Map<Space, SortedTree<byte[]>> newest = new EnumMap<>(Space.class);
  private Map<Space, SortedTree<byte[]>> flushed = newest;

  /**
   * The states after each batch since the last flush, oldest first; only when crashes are meant.
   */
  private final List<Map<Space, SortedTree<byte[]>>> unflushed = new ArrayList<>();

  /** A store that is lost with the process and remembers no more than its newest state. */
  public MemoryStore() {
    this(false);
  }

  private MemoryStore(boolean crashes) {
    this.crashes = crashes;
  }

  /** A store that can {@link #crash}; it keeps every state since the last flush. */
  public static MemoryStore withCrashes() {
    return new MemoryStore(true);
  }

  /**
   * Returns to a state between the last flush and now: some prefix of the batches written since,
   * drawn by {@code random}. Views opened earlier keep what they saw.
   */
  public void crash(RandomGenerator random) {
    Invariant.check(crashes, "a store that crashes was made by withCrashes()");
    int survivors = random.nextInt(unflushed.size() + 1);
    newest = survivors == 0 ? flushed : unflushed.get(survivors - 1);
    flush();
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    return SortedTree.get(newest.get(space), key);
  }

  @Override
  public View view() {
    return new MemoryView(newest);
  }

  /** Stands for what is in here now: the same object as long as nothing is written. */
  public Object state() {
    return newest;
  }

  @Override
  public void write(WriteSet writes) {
    Map<Space, SortedTree<byte[]>> roots = new EnumMap<>(Space.class);
    roots.putAll(newest);
    var edit = new SortedTree.Edit();
    for (WriteSet.Write write : writes.writes()) {
      SortedTree<byte[]> root = roots.get(write.space());
      SortedTree<byte[]> changed =
          switch (write) {
            case WriteSet.Put put -> SortedTree.put(root, put.key(), put.value(), edit);
            case WriteSet.Delete delete -> SortedTree.remove(root, delete.key(), edit);
            case WriteSet.SingleDelete delete -> SortedTree.remove(root, delete.key(), edit);
            case WriteSet.DeleteRange range ->
                SortedTree.removeRange(root, range.key(), range.until(), edit);
          };
      if (changed == null) {
        roots.remove(write.space());
      } else {
        roots.put(write.space(), changed);
      }
    }
    newest = roots;
    if (crashes) {
      unflushed.add(roots);
    }
  }

  @Override
  public void flush() {
    flushed = newest;
    unflushed.clear();
  }

  @Override
  public void checkpoint(Path directory) {
    flush();
    try {
      MemoryFile.write(directory, newest);
    } catch (IOException e) {
      throw StorageException.failed(directory, "be written", e);
    }
  }

  @Override
  public void replaceBy(Path checkpoint, Consumer<View> beforeSeen) {
    Map<Space, SortedTree<byte[]>> roots;
    try {
      roots = MemoryFile.read(checkpoint);
    } catch (IOException e) {
      throw StorageException.failed(checkpoint, "be read", e);
    }
    beforeSeen.accept(new MemoryView(roots));
    newest = roots;
    flush();
  }

  @Override
  public void close() {}

  private record MemoryView(Map<Space, SortedTree<byte[]>> roots) implements View {
    @Override
    public byte @Nullable [] get(Space space, byte[] key) {
      return SortedTree.get(roots.get(space), key);
    }

    @Override
    public Scan scan(Space space, byte[] from, byte[] until, boolean reverse) {
      return new MemoryScan(roots.get(space), from, until, reverse);
    }

    @Override
    public void close() {}
  }

  private static final class MemoryScan implements Scan {
    private final SortedWalk<byte[]> walk;
    private final byte[] from;
    private final byte[] until;
    private final boolean reverse;
    private @Nullable SortedTree<byte[]> position;

    MemoryScan(@Nullable SortedTree<byte[]> root, byte[] from, byte[] until, boolean reverse) {
      this.from = from;
      this.until = until;
      this.reverse = reverse;
      walk = new SortedWalk<>(root, reverse);
      if (reverse) {
        toTheEnd();
      } else {
        walk.seek(from, true);
      }
      bound();
    }

    @Override
    public boolean isValid() {
      return position != null;
    }

    @Override
    public byte[] key() {
      return position().key();
    }

    @Override
    public byte[] value() {
      return position().value();
    }

    @Override
    public void next() {
      position();
      walk.next();
      bound();
    }

    @Override
    public void seek(byte[] key) {
      if (!reverse) {
        boolean before = Arrays.compareUnsigned(key, from) < 0;
        walk.seek(before ? from : key, true);
      } else if (until.length > 0 && Arrays.compareUnsigned(key, until) >= 0) {
        toTheEnd();
      } else {
        walk.seek(key, true);
      }
      bound();
    }

    @Override
    public void close() {}

    private void toTheEnd() {
      if (until.length == 0) {
        walk.toFirst();
      } else {
        walk.seek(until, false);
      }
    }

    /** It never begins outside its range, so only the end ahead is to be looked at. */
    private void bound() {
      SortedTree<byte[]> found = walk.position();
      boolean beyond =
          found != null
              && (reverse
                  ? Arrays.compareUnsigned(found.key(), from) < 0
                  : until.length > 0 && Arrays.compareUnsigned(found.key(), until) >= 0);
      position = beyond ? null : found;
    }

    private SortedTree<byte[]> position() {
      if (position == null) {
        throw Invariant.broken("a scan is read only where it is valid");
      }
      return position;
    }
  }
}
