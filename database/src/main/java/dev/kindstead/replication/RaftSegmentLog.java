package dev.kindstead.replication;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log on disk: append-only segments, each entry written once, one sync for all that JRaft
 * brings at a time. What a start finds is {@link RaftSegmentLoading}'s.
 *
 * <p><b>Invariants.</b> (1) An append is answered only when its bytes are synced, unless durability
 * is relaxed; only then may it be applied ({@link RaftSynced}). (2) After a failed write or sync
 * nothing is ever appended again: what is on disk is unknown, and a second sync would lie; nor is
 * it after a failed read. (3) Segments are contiguous; all but the last are synced. (4) The term of
 * an entry is never what a failed read left open ({@link RaftUnreadEntry}).
 *
 * <p>Thread rule: JRaft's log thread appends and truncates; any thread reads. {@code lock} guards
 * the segment map, what is published in them, {@code recent} and {@code terms}, not the writing and
 * syncing itself.
 */
final class RaftSegmentLog implements LogStorage {
  /** A segment that has grown to this is followed by a new one. */
  static final int SEGMENT_BYTES = 64 << 20;

  /** Records are gathered here to be written with one call; a larger one is written by itself. */
  private static final int BUFFER_BYTES = 256 << 10;

  private final Path directory;
  private final boolean sync;
  private final RaftStateMachine machine;
  private final RaftSynced synced;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final NavigableMap<Long, RaftSegment> segments = new TreeMap<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final List<ConfigurationEntry> configurations = new ArrayList<>();
  private final RaftRecentEntries recent = new RaftRecentEntries();
  private final RaftTerms terms = new RaftTerms();
  private long firstLogIndex;
  private long syncedLogIndex;
  private volatile boolean failed;
  private volatile long lastEntryNanos = System.nanoTime();

  private RaftSegmentLog(
      Path directory, boolean sync, RaftStateMachine machine, RaftSynced synced) {
    this.directory = directory;
    this.sync = sync;
    this.machine = machine;
    this.synced = synced;
  }

  /** Reads all segments, so that damage shows before JRaft starts a thread. */
  static RaftSegmentLog open(
      Path directory,
      boolean sync,
      RaftSegmentLoading loading,
      RaftStateMachine machine,
      RaftSynced synced)
      throws IOException {
    var log = new RaftSegmentLog(directory, sync, machine, synced);
    for (RaftSegment segment : loading.load(directory, log::remember)) {
      log.segments.put(segment.firstLogIndex, segment);
    }
    log.firstLogIndex = log.segments.firstEntry().getValue().firstLogIndex;
    log.syncedLogIndex = log.last().lastLogIndex();
    synced.reached(log.syncedLogIndex);
    return log;
  }

  private void remember(RaftRecord record) {
    terms.add(record.logIndex(), record.term());
    LogEntry entry = record.toEntryUnlessData();
    if (entry != null && entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION) {
      var configuration = new ConfigurationEntry();
      configuration.setId(entry.getId());
      configuration.setConf(new Configuration(entry.getPeers(), entry.getLearners()));
      if (entry.getOldPeers() != null) {
        configuration.setOldConf(new Configuration(entry.getOldPeers(), entry.getOldLearners()));
      }
      configurations.add(configuration);
    }
  }

  /** JRaft keeps in memory who the members were at which entry. */
  @Override
  public boolean init(LogStorageOptions options) {
    configurations.forEach(options.getConfigurationManager()::add);
    configurations.clear();
    return true;
  }

  @Override
  public boolean appendEntry(LogEntry entry) {
    return appendEntries(List.of(entry)) == 1;
  }

  @Override
  public int appendEntries(List<LogEntry> entries) {
    return attempt(() -> append(entries)) ? entries.size() : 0;
  }

  private void append(List<LogEntry> entries) throws IOException {
    RaftSegment segment = last();
    if (segment.size() >= SEGMENT_BYTES) {
      segment = roll(segment);
    }
    int[] starts = new int[entries.size()];
    for (int n = 0; n < entries.size(); n++) {
      starts[n] = segment.size() + buffer.position();
      write(segment, RaftRecord.of(entries.get(n), syncedLogIndex));
    }
    flushBuffer(segment);
    if (sync || hasMembers(entries)) {
      segment.sync();
      syncedLogIndex = entries.getLast().getId().getIndex();
    }
    lock.writeLock().lock();
    try {
      for (int start : starts) {
        segment.publish(start);
      }
      entries.forEach(recent::add);
      entries.forEach(entry -> terms.add(entry.getId().getIndex(), entry.getId().getTerm()));
    } finally {
      lock.writeLock().unlock();
    }
    synced.reached(segment.lastLogIndex());
    if (entries.stream().anyMatch(entry -> entry.getType() == EntryType.ENTRY_TYPE_DATA)) {
      lastEntryNanos = System.nanoTime();
    }
  }

  /** When an entry that is not the engine's own was last appended, or the log began anew. */
  long lastEntryNanos() {
    return lastEntryNanos;
  }

  /** Even a relaxed log may not forget who its members are. */
  private static boolean hasMembers(List<LogEntry> entries) {
    return entries.stream()
        .anyMatch(entry -> entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION);
  }

  private void write(RaftSegment segment, RaftRecord record) throws IOException {
    if (record.bytes() > buffer.remaining()) {
      flushBuffer(segment);
    }
    record.putHeader(buffer);
    if (record.payload().remaining() <= buffer.remaining()) {
      buffer.put(record.payload().duplicate());
    } else {
      flushBuffer(segment);
      write(segment, record.payload().duplicate());
    }
  }

  private void flushBuffer(RaftSegment segment) throws IOException {
    write(segment, buffer.flip());
    buffer.clear();
  }

  private void write(RaftSegment segment, ByteBuffer bytes) throws IOException {
    if (sync) {
      segment.reserve(bytes.remaining());
    }
    segment.write(bytes);
  }

  private RaftSegment roll(RaftSegment full) throws IOException {
    full.complete();
    syncedLogIndex = full.lastLogIndex();
    RaftSegment next = RaftSegment.create(directory, full.generation, full.lastLogIndex() + 1);
    lock.writeLock().lock();
    try {
      segments.put(next.firstLogIndex, next);
    } finally {
      lock.writeLock().unlock();
    }
    return next;
  }

  @Override
  public @Nullable LogEntry getEntry(long logIndex) {
    lock.readLock().lock();
    try {
      if (logIndex < firstLogIndex || logIndex > last().lastLogIndex()) {
        return null;
      }
      LogEntry kept = recent.get(logIndex);
      return kept == null ? read(logIndex) : kept;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** What can't be read is neither built upon nor cut off. */
  private LogEntry read(long logIndex) {
    try {
      return segments.floorEntry(logIndex).getValue().read(logIndex).toEntry();
    } catch (IOException | RuntimeException failure) {
      failed = true;
      machine.fail(failure);
      return new RaftUnreadEntry(logIndex, terms.of(logIndex), failure);
    }
  }

  @Override
  @Deprecated
  public long getTerm(long logIndex) {
    LogEntry entry = getEntry(logIndex);
    return entry == null ? 0 : entry.getId().getTerm();
  }

  @Override
  public long getFirstLogIndex() {
    return locked(() -> firstLogIndex);
  }

  @Override
  public long getLastLogIndex() {
    return locked(() -> last().lastLogIndex());
  }

  /** Deletes whole segments, the oldest first, so that what a crash leaves is contiguous. */
  @Override
  public boolean truncatePrefix(long firstIndexKept) {
    if (firstIndexKept > getLastLogIndex() + 1) {
      return reset(firstIndexKept);
    }
    return attempt(() -> {
      for (RaftSegment segment : List.copyOf(segments.values())) {
        if (segment != last() && segment.lastLogIndex() < firstIndexKept) {
          remove(segment);
        }
      }
      lock.writeLock().lock();
      try {
        firstLogIndex = Math.max(firstLogIndex, firstIndexKept);
        terms.forgetBefore(firstLogIndex);
      } finally {
        lock.writeLock().unlock();
      }
    });
  }

  /** Takes back entries that another leader has replaced. */
  @Override
  public boolean truncateSuffix(long lastIndexKept) {
    return attempt(() -> {
      syncedLogIndex = Math.min(syncedLogIndex, lastIndexKept);
      for (RaftSegment segment : List.copyOf(segments.descendingMap().values())) {
        if (segment.firstLogIndex > lastIndexKept + 1) {
          remove(segment);
        }
      }
      // Or a power cut might bring them back behind a segment that has been cut.
      RaftFiles.syncDirectory(directory);
      lock.writeLock().lock();
      try {
        recent.clear();
        terms.truncate(lastIndexKept + 1);
        last().truncate(lastIndexKept + 1);
      } finally {
        lock.writeLock().unlock();
      }
      synced.reached(lastIndexKept);
    });
  }

  /** Starts a new generation: segments of an older one are void from the moment it is there. */
  @Override
  public boolean reset(long nextLogIndex) {
    return attempt(() -> {
      List<RaftSegment> old = List.copyOf(segments.values());
      var next = RaftSegment.create(directory, last().generation + 1, nextLogIndex);
      lock.writeLock().lock();
      try {
        recent.clear();
        terms.truncate(0);
        segments.clear();
        segments.put(nextLogIndex, next);
        firstLogIndex = nextLogIndex;
      } finally {
        lock.writeLock().unlock();
      }
      syncedLogIndex = nextLogIndex - 1;
      synced.reached(syncedLogIndex);
      // The checkpoint that was loaded may hold entries of a moment ago.
      lastEntryNanos = System.nanoTime();
      for (RaftSegment segment : old) {
        segment.delete();
      }
    });
  }

  private void remove(RaftSegment segment) throws IOException {
    lock.writeLock().lock();
    try {
      segments.remove(segment.firstLogIndex);
    } finally {
      lock.writeLock().unlock();
    }
    segment.delete();
  }

  @Override
  public void shutdown() {
    lock.writeLock().lock();
    try {
      for (RaftSegment segment : segments.values()) {
        if (!failed) {
          segment.sync();
        }
        segment.close();
      }
    } catch (IOException failure) {
      machine.fail(failure);
    } finally {
      failed = true; // Whatever comes late is refused.
      lock.writeLock().unlock();
      synced.end();
    }
  }

  private RaftSegment last() {
    return segments.lastEntry().getValue();
  }

  private <T> T locked(Supplier<T> read) {
    lock.readLock().lock();
    try {
      return read.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private boolean attempt(Step step) {
    if (failed) {
      return false;
    }
    try {
      step.run();
      return true;
    } catch (IOException | RuntimeException failure) {
      failed = true;
      machine.fail(failure);
      synced.end();
      return false;
    }
  }
}
