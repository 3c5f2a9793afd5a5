package dev.kindstead.storage;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.TablePropertiesCollectorFactory;

/** How RocksDB is set up for our spaces: docs/decisions/0004-storage.md. Not thread-safe. */
final class RocksTuning implements AutoCloseable {
  private static final long BLOCK_BYTES = 8 << 10;
  private static final double BLOOM_BITS_PER_KEY = 10;

  /** Small, for every space of every shard has one at least, and all count against one budget. */
  private static final long ARENA_BLOCK_BYTES_MAX = 128 << 10;

  private static final long ARENA_BLOCK_BYTES_MIN = 4 << 10;
  private static final long ARENA_BLOCKS_PER_BUDGET = 128;

  private static final long BYTES_PER_SYNC = 1 << 20;
  private static final long LOG_FILE_BYTES_MAX = 4 << 20;
  private static final int LOG_FILES_MAX = 2;

  /** A file with a stretch of this many keys, half of them deleted, is compacted soon. */
  private static final long DELETION_WINDOW_KEYS = 2048;

  private static final long DELETION_TRIGGER_KEYS = 1024;
  private static final double DELETION_RATIO = 0.5;

  /**
   * History goes by whole stretches and is seldom read, so more of its files may lie side by side
   * than RocksDB's 4 before they are written anew; from 20 on it slows writes down.
   */
  private static final int HISTORY_FILES_SIDE_BY_SIDE = 12;

  private final RocksResources resources;
  private final List<AbstractNativeReference> owned = new ArrayList<>();

  RocksTuning(RocksResources resources) {
    this.resources = resources;
  }

  /**
   * The Raft log is the write-ahead log, so atomic flush is what keeps the spaces together. A
   * background error is final until the store is opened again: nobody resumes behind our back.
   */
  DBOptions database() {
    return owned(new DBOptions())
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setAtomicFlush(true)
        .setMaxBgErrorResumeCount(0)
        .setParanoidChecks(true)
        .setEnv(resources.environment())
        .setWriteBufferManager(resources.writeBuffers())
        .setMaxBackgroundJobs(resources.sizes().backgroundThreads() + 1)
        .setAllowConcurrentMemtableWrite(false)
        .setEnableWriteThreadAdaptiveYield(false)
        .setBytesPerSync(BYTES_PER_SYNC)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(LOG_FILE_BYTES_MAX)
        .setKeepLogFileNum(LOG_FILES_MAX)
        .setStatsDumpPeriodSec(0);
  }

  ColumnFamilyOptions columnFamily(Space space) {
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(resources.blockCache())
            .setBlockSize(BLOCK_BYTES)
            .setCacheIndexAndFilterBlocks(true)
            .setCacheIndexAndFilterBlocksWithHighPriority(true)
            .setPinL0FilterAndIndexBlocksInCache(true);
    if (space != Space.INDEX) {
      table.setFilterPolicy(owned(new BloomFilter(BLOOM_BITS_PER_KEY))).setWholeKeyFiltering(true);
    }
    Options options = owned(new Options());
    if (space != Space.HISTORY) {
      options.setTablePropertiesCollectorFactory(
          List.of(
              owned(
                  TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
                      DELETION_WINDOW_KEYS, DELETION_TRIGGER_KEYS, DELETION_RATIO))));
    }
    ColumnFamilyOptions family = owned(new ColumnFamilyOptions(options));
    if (space == Space.HISTORY) {
      family.setLevel0FileNumCompactionTrigger(HISTORY_FILES_SIDE_BY_SIDE);
    }
    return family
        .setTableFormatConfig(table)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setWriteBufferSize(resources.sizes().writeBufferBytes())
        .setArenaBlockSize(
            Math.clamp(
                resources.sizes().writeBufferBytes() / ARENA_BLOCKS_PER_BUDGET,
                ARENA_BLOCK_BYTES_MIN,
                ARENA_BLOCK_BYTES_MAX));
  }

  @Override
  public void close() {
    owned.reversed().forEach(AbstractNativeReference::close);
  }

  private <T extends AbstractNativeReference> T owned(T object) {
    owned.add(object);
    return object;
  }
}
