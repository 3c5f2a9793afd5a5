package dev.kindstead.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksObject;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * An ordered store on disk: RocksDB, a column family for each space, without its own log, flushed
 * atomically.
 *
 * <p>After the first failed write or flush every further one is refused, since nobody can tell what
 * of it reached the disk; reads go on. Closing waits {@value #CLOSE_WAIT_SECONDS} s for the open
 * views and scans; if some stay open it leaves the database open rather than pull it from under
 * them, and says so.
 *
 * <p>Thread rule as {@link OrderedStore}'s.
 */
public final class RocksStore implements OrderedStore {
  private static final long CLOSE_WAIT_SECONDS = 10;

  /** How long a write waits for flushes and compactions to catch up. */
  private static final long STALL_MILLIS_MAX = 60_000;

  private static final long STALL_POLL_MILLIS = 1;

  private final Path directory;
  private final RocksTuning tuning;
  private final RocksGate gate = new RocksGate();
  private final RocksDB database;
  private final List<ColumnFamilyHandle> families;
  private final int[] familyIds;
  private final ReadOptions anywhere = new ReadOptions();
  private final ReadOptions inMemory = new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER);
  private final WriteOptions withoutLog =
      new WriteOptions().setDisableWAL(true).setNoSlowdown(true);
  private final FlushOptions untilFlushed = new FlushOptions().setWaitForFlush(true);
  private volatile @Nullable StorageException failure;

  private RocksStore(
      Path directory, RocksTuning tuning, RocksDB database, List<ColumnFamilyHandle> families) {
    this.directory = directory;
    this.tuning = tuning;
    this.database = database;
    this.families = families;
    familyIds = families.stream().mapToInt(ColumnFamilyHandle::getID).toArray();
  }

  /** Opens or creates the store in the directory. */
  public static RocksStore open(Path directory, RocksResources resources) {
    RocksFormat.claim(directory);
    RocksTuning tuning = new RocksTuning(resources);
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (Space space : Space.values()) {
      descriptors.add(new ColumnFamilyDescriptor(name(space), tuning.columnFamily(space)));
    }
    List<ColumnFamilyHandle> families = new ArrayList<>();
    try {
      RocksDB database =
          RocksDB.open(tuning.database(), directory.toString(), descriptors, families);
      return new RocksStore(directory, tuning, database, families);
    } catch (RocksDBException e) {
      tuning.close();
      throw failure(directory, "be opened", e);
    }
  }

  @Override
  public byte @Nullable [] get(Space space, byte[] key) {
    return get(anywhere, space, key);
  }

  @Override
  public List<byte @Nullable []> getAll(Space space, List<byte[]> keys) {
    gate.enter();
    try {
      return database.multiGetAsList(
          anywhere, Collections.nCopies(keys.size(), family(space)), keys);
    } catch (RocksDBException e) {
      throw failure("read", e);
    } finally {
      gate.leave();
    }
  }

  @Override
  public byte @Nullable [] getFromMemory(Space space, byte[] key, Runnable needsDisk) {
    gate.enter();
    try {
      return database.get(family(space), inMemory, key);
    } catch (RocksDBException e) {
      if (!isIncomplete(e)) {
        throw failure("read", e);
      }
    } finally {
      gate.leave();
    }
    needsDisk.run();
    return null;
  }

  @Override
  public View view() {
    gate.enter();
    return new RocksView(this, database);
  }

  @Override
  public void write(WriteSet writes) {
    byte[] bytes = RocksBatch.of(writes.writes(), familyIds);
    enterToWrite();
    try (WriteBatch batch = new WriteBatch(bytes)) {
      writeUnlessStalled(batch);
    } catch (RocksDBException e) {
      throw writeFailure("write", e);
    } finally {
      gate.leave();
    }
  }

  /** RocksDB lets writes wait when it cannot keep up; a wait that an error makes endless ends. */
  private void writeUnlessStalled(WriteBatch batch) throws RocksDBException {
    for (long waited = 0; ; waited += STALL_POLL_MILLIS) {
      try {
        database.write(withoutLog, batch);
        return;
      } catch (RocksDBException e) {
        if (!isIncomplete(e) || waited >= STALL_MILLIS_MAX) {
          throw e;
        }
      }
      checkBackground();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(STALL_POLL_MILLIS));
    }
  }

  @Override
  public void flush() {
    enterToWrite();
    try {
      database.flush(untilFlushed, families);
    } catch (RocksDBException e) {
      throw writeFailure("flush", e);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void checkpoint(Path target) {
    flush();
    gate.enter();
    try (Checkpoint checkpoint = Checkpoint.create(database)) {
      checkpoint.createCheckpoint(target.toString());
      RocksFormat.write(target);
    } catch (RocksDBException e) {
      throw failure("write the checkpoint " + target, e);
    } catch (IOException e) {
      throw StorageException.failed(directory, "write the checkpoint " + target, e);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void close() {
    if (!gate.close()) {
      return;
    }
    if (!gate.awaitEmpty(CLOSE_WAIT_SECONDS)) {
      throw StorageException.refused(
          "storage in %s stays open: views of it are still in use".formatted(directory));
    }
    families.forEach(RocksObject::close);
    database.close();
    List.of(anywhere, inMemory, withoutLog, untilFlushed).forEach(RocksObject::close);
    tuning.close();
  }

  byte @Nullable [] get(ReadOptions options, Space space, byte[] key) {
    gate.enter();
    try {
      return database.get(family(space), options, key);
    } catch (RocksDBException e) {
      throw failure("read", e);
    } finally {
      gate.leave();
    }
  }

  ColumnFamilyHandle family(Space space) {
    return families.get(space.ordinal());
  }

  /** Deleted keys that this thread's reads have stepped over since it first read. */
  long deletedKeysSkipped() {
    gate.enter();
    try {
      return database.getPerfContext().getInternalDeleteSkippedCount();
    } finally {
      gate.leave();
    }
  }

  RocksGate gate() {
    return gate;
  }

  StorageException failure(String what, RocksDBException cause) {
    return failure(directory, what, cause);
  }

  static boolean isIncomplete(RocksDBException e) {
    return e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete;
  }

  private void enterToWrite() {
    StorageException before = failure;
    if (before != null) {
      throw before.again();
    }
    gate.enter();
    try {
      checkBackground();
    } catch (StorageException | RocksDBException e) {
      gate.leave();
      throw e instanceof StorageException known
          ? known
          : writeFailure("write", (RocksDBException) e);
    }
  }

  /**
   * Fails once a flush or compaction has failed behind our back. RocksDB counts them; its listeners
   * do not serve, for RocksJava knows no name for the failed flush of a store without a log, and
   * throws inside the callback.
   */
  private void checkBackground() throws RocksDBException {
    if (database.getLongProperty("rocksdb.background-errors") > 0) {
      long freeBytes = directory.toFile().getUsableSpace();
      String cause =
          "a flush or compaction failed, its file LOG says why; %,d bytes are free on the disk";
      throw writeFailure("write", new RocksDBException(cause.formatted(freeBytes)));
    }
  }

  private StorageException writeFailure(String what, RocksDBException cause) {
    StorageException failed = failure(what, cause);
    failure = failed;
    return failed;
  }

  private static StorageException failure(Path directory, String what, RocksDBException cause) {
    boolean corrupt =
        cause.getStatus() != null && cause.getStatus().getCode() == Status.Code.Corruption;
    return corrupt
        ? StorageException.corrupt(directory, what, cause)
        : StorageException.failed(directory, what, cause);
  }

  /** Persistent. */
  private static byte[] name(Space space) {
    return space == Space.META
        ? RocksDB.DEFAULT_COLUMN_FAMILY
        : space.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
  }
}
