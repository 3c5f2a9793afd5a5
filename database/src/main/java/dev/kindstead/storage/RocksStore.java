package dev.kindstead.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An ordered store on disk: a {@link RocksDatabase}, and another one once it is replaced.
 *
 * <p>A replacement is built and opened beside the store, in a directory of its own ({@link
 * RocksGenerations}); then readers are let into it instead. Views and scans of the old database go
 * on reading that; it is closed and deleted by the first write that finds them gone.
 *
 * <p>Closing waits {@value #CLOSE_WAIT_SECONDS} s for the open views and scans; if some stay open
 * it leaves the database open rather than pull it from under them, and says so.
 *
 * <p>Thread rule as {@link OrderedStore}'s.
 */
public final class RocksStore implements OrderedStore {
  private static final long CLOSE_WAIT_SECONDS = 10;

  private final RocksGenerations generations;
  private final RocksResources resources;
  private volatile RocksDatabase current;

  /** Replaced, but still read; few. */
  private final List<RocksDatabase> replaced = new CopyOnWriteArrayList<>();

  private RocksStore(
      RocksGenerations generations, RocksResources resources, RocksDatabase database) {
    this.generations = generations;
    this.resources = resources;
    current = database;
  }

  /** Opens or creates the store in the directory. */
  public static RocksStore open(Path directory, RocksResources resources) {
    var generations = new RocksGenerations(directory);
    try {
      generations.settle();
    } catch (IOException e) {
      throw StorageException.failed(directory, "be opened", e);
    }
    RocksFormat.claim(directory);
    return new RocksStore(generations, resources, RocksDatabase.open(directory, resources, true));
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    RocksDatabase database = enter();
    try {
      return database.get(space, key);
    } finally {
      database.gate().leave();
    }
  }

  @Override
  public List<byte @Nullable []> getAll(Space space, List<byte[]> keys) {
    RocksDatabase database = enter();
    try {
      return database.getAll(space, keys);
    } finally {
      database.gate().leave();
    }
  }

  @Override
  public byte @Nullable [] getFromMemory(Space space, byte[] key, Runnable needsDisk) {
    RocksDatabase database = enter();
    try {
      return database.getFromMemory(space, key, needsDisk);
    } finally {
      database.gate().leave();
    }
  }

  @Override
  public View view() {
    return enter().view();
  }

  @Override
  public void write(WriteSet writes) {
    closeReplaced();
    RocksDatabase database = enter();
    try {
      database.write(writes);
    } finally {
      database.gate().leave();
    }
  }

  @Override
  public boolean isBehind() {
    return current.isBehind();
  }

  @Override
  public void flush() {
    RocksDatabase database = enter();
    try {
      database.flush();
    } finally {
      database.gate().leave();
    }
  }

  @Override
  public void checkpoint(Path target) {
    closeReplaced();
    RocksDatabase database = enter();
    try {
      database.checkpoint(target);
    } finally {
      database.gate().leave();
    }
  }

  @Override
  public void replaceBy(Path checkpoint, Consumer<View> beforeSeen) {
    RocksDatabase before = enter();
    try {
      Path directory = generations.fill(checkpoint);
      current = openReplacement(directory, beforeSeen);
      replaced.add(before);
    } catch (IOException e) {
      throw StorageException.failed(before.directory(), "be replaced by " + checkpoint, e);
    } finally {
      before.gate().leave();
    }
    closeReplaced();
  }

  /** Opened, shown, and then made the one that counts after a crash. */
  private RocksDatabase openReplacement(Path directory, Consumer<View> beforeSeen)
      throws IOException {
    RocksDatabase replacement = null;
    boolean done = false;
    try {
      replacement = RocksDatabase.open(directory, resources, false);
      replacement.gate().enter();
      try (View view = replacement.view()) {
        beforeSeen.accept(view);
      }
      RocksGenerations.complete(directory);
      done = true;
      return replacement;
    } finally {
      if (!done) {
        if (replacement != null) {
          replacement.close();
        }
        RocksGenerations.delete(directory);
      }
    }
  }

  @Override
  public void close() {
    RocksDatabase last = current;
    if (!last.gate().close()) {
      return;
    }
    replaced.forEach(database -> database.gate().close());
    List<RocksDatabase> all = new ArrayList<>(replaced);
    all.add(last);
    for (RocksDatabase database : all) {
      if (!database.gate().awaitEmpty(CLOSE_WAIT_SECONDS)) {
        throw StorageException.refused(
            "storage in %s stays open: views of it are still in use"
                .formatted(database.directory()));
      }
      database.close();
    }
  }

  /** Deleted keys that this thread's reads have stepped over since it first read. */
  long deletedKeysSkipped() {
    RocksDatabase database = enter();
    try {
      return database.deletedKeysSkipped();
    } finally {
      database.gate().leave();
    }
  }

  /** The database that readers are let into now; the caller leaves its gate. */
  private RocksDatabase enter() {
    while (true) {
      RocksDatabase database = current;
      if (database.gate().tryEnter()) {
        return database;
      }
      if (database == current) {
        throw StorageException.refused("this storage is closed");
      }
    }
  }

  /** What can't be deleted now is deleted when the store is next opened. */
  private void closeReplaced() {
    if (replaced.isEmpty()) {
      return;
    }
    for (RocksDatabase database : replaced) {
      if (database.gate().closeIfEmpty()) {
        replaced.remove(database);
        database.close();
        RocksGenerations.delete(database.directory());
      }
    }
  }
}
