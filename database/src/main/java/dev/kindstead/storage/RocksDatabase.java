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
 * One opened RocksDB, a column family for each space, without its own log, flushed atomically; with
 * all that lives as long as it is open.
 *
 * <p>After the first failed write or flush every further one is refused, since nobody can tell what
 * of it reached the disk; reads go on.
 *
 * <p>Thread rule as {@link OrderedStore}'s. <b>Invariant.</b> Whoever calls into RocksDB is inside
 * the {@link #gate}, and nothing native is closed before that is empty for good.
 */
final class RocksDatabase {
  /** How long a write waits for flushes and compactions to catch up. */
  private static final long STALL_MILLIS_MAX = 60_000;

  private static final long STALL_POLL_MILLIS = 1;

  /** RocksDB slows writes down by a few milliseconds each before it stops them. */
  private static final long STALL_MILLIS_TOLD = 100;

  private final Path directory;
  private final RocksTuning tuning;
  private final RocksGate gate = new RocksGate();
  private final RocksDB rocks;
  private final List<ColumnFamilyHandle> families;
  private final int[] familyIds;
  private final ReadOptions anywhere = new ReadOptions();
  private final ReadOptions inMemory = new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER);
  private final WriteOptions withoutLog =
      new WriteOptions().setDisableWAL(true).setNoSlowdown(true);
  private final FlushOptions untilFlushed = new FlushOptions().setWaitForFlush(true);
  private volatile @Nullable StorageException failure;
  private volatile boolean behind;

  private RocksDatabase(
      Path directory, RocksTuning tuning, RocksDB rocks, List<ColumnFamilyHandle> families) {
    this.directory = directory;
    this.tuning = tuning;
    this.rocks = rocks;
    this.families = families;
    familyIds = families.stream().mapToInt(ColumnFamilyHandle::getID).toArray();
  }

  /** Opens what is in the directory, or creates it there if that is asked for. */
  static RocksDatabase open(Path directory, RocksResources resources, boolean createIfMissing) {
    RocksTuning tuning = new RocksTuning(resources);
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (Space space : Space.values()) {
      descriptors.add(new ColumnFamilyDescriptor(name(space), tuning.columnFamily(space)));
    }
    List<ColumnFamilyHandle> families = new ArrayList<>();
    try {
      RocksDB rocks =
          RocksDB.open(
              tuning.database().setCreateIfMissing(createIfMissing),
              directory.toString(),
              descriptors,
              families);
      return new RocksDatabase(directory, tuning, rocks, families);
    } catch (RocksDBException e) {
      tuning.close();
      throw failure(directory, "be opened", e);
    }
  }

  Path directory() {
    return directory;
  }

  byte @Nullable [] get(Space space, byte[] key) {
    return get(anywhere, space, key);
  }

  /**
   * RocksJava's reads of many keys say null of a key whose read has failed, too, as of one that is
   * not there: only {@link #get} tells.
   */
  List<byte @Nullable []> getAll(Space space, List<byte[]> keys) {
    if (keys.size() == 1) {
      return Collections.singletonList(get(space, keys.getFirst()));
    }
    List<byte @Nullable []> values = multiGet(space, keys);
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) == null) {
        values.set(i, get(space, keys.get(i)));
      }
    }
    return values;
  }

  private List<byte @Nullable []> multiGet(Space space, List<byte[]> keys) {
    try {
      return rocks.multiGetAsList(anywhere, Collections.nCopies(keys.size(), family(space)), keys);
    } catch (RocksDBException e) {
      throw failure("read", e);
    }
  }

  byte @Nullable [] getFromMemory(Space space, byte[] key, Runnable needsDisk) {
    try {
      return rocks.get(family(space), inMemory, key);
    } catch (RocksDBException e) {
      if (!isIncomplete(e)) {
        throw failure("read", e);
      }
    }
    needsDisk.run();
    return null;
  }

  /** It leaves the gate, which its opener has entered, when it is closed. */
  OrderedStore.View view() {
    return new RocksView(this, rocks);
  }

  void write(WriteSet writes) {
    byte[] bytes = RocksBatch.of(writes.writes(), familyIds);
    checkWritable();
    try (WriteBatch batch = new WriteBatch(bytes)) {
      writeUnlessStalled(batch);
    } catch (RocksDBException e) {
      throw writeFailure("write", e);
    } finally {
      if (behind) {
        behind = false;
      }
    }
  }

  /** RocksDB lets writes wait when it cannot keep up; a wait that an error makes endless ends. */
  private void writeUnlessStalled(WriteBatch batch) throws RocksDBException {
    for (long waited = 0; ; waited += STALL_POLL_MILLIS) {
      try {
        rocks.write(withoutLog, batch);
        return;
      } catch (RocksDBException e) {
        if (!isIncomplete(e) || waited >= STALL_MILLIS_MAX) {
          throw e;
        }
      }
      checkBackground();
      if (waited == STALL_MILLIS_TOLD) {
        behind = true;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(STALL_POLL_MILLIS));
    }
  }

  /** See {@link OrderedStore#isBehind}. */
  boolean isBehind() {
    return behind;
  }

  void flush() {
    checkWritable();
    try {
      rocks.flush(untilFlushed, families);
    } catch (RocksDBException e) {
      throw writeFailure("flush", e);
    }
  }

  void checkpoint(Path target) {
    flush();
    try (Checkpoint checkpoint = Checkpoint.create(rocks)) {
      checkpoint.createCheckpoint(target.toString());
      RocksFormat.write(target);
    } catch (RocksDBException e) {
      throw failure("write the checkpoint " + target, e);
    } catch (IOException e) {
      throw StorageException.failed(directory, "write the checkpoint " + target, e);
    }
  }

  /** After its gate has been closed and has become empty. */
  void close() {
    families.forEach(RocksObject::close);
    rocks.close();
    List.of(anywhere, inMemory, withoutLog, untilFlushed).forEach(RocksObject::close);
    tuning.close();
  }

  byte @Nullable [] get(ReadOptions options, Space space, byte[] key) {
    try {
      return rocks.get(family(space), options, key);
    } catch (RocksDBException e) {
      throw failure("read", e);
    }
  }

  ColumnFamilyHandle family(Space space) {
    return families.get(space.ordinal());
  }

  /** Deleted keys that this thread's reads have stepped over since it first read. */
  long deletedKeysSkipped() {
    return rocks.getPerfContext().getInternalDeleteSkippedCount();
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

  private void checkWritable() {
    StorageException before = failure;
    if (before != null) {
      throw before.again();
    }
    try {
      checkBackground();
    } catch (RocksDBException e) {
      throw writeFailure("write", e);
    }
  }

  /**
   * Fails once a flush or compaction has failed behind our back. RocksDB counts them; its listeners
   * do not serve, for RocksJava knows no name for the failed flush of a store without a log, and
   * throws inside the callback.
   */
  private void checkBackground() throws RocksDBException {
    if (rocks.getLongProperty("rocksdb.background-errors") > 0) {
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
