package dev.kindstead.replication;

import com.alipay.sofa.jraft.entity.LogEntry;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entries at the log's end, as they were appended. JRaft forgets an entry as soon as it is
 * applied, and then asks for its term with the next one that it sends, or is sent: without this the
 * whole entry would be read from its segment each time.
 *
 * <p>Guarded by the log's lock. <b>Invariant.</b> Nothing is in here that is not in the log.
 */
final class RaftRecentEntries {
  /** More than are in flight. */
  static final int ENTRIES_MAX = 8;

  /** A larger entry is not kept. */
  static final int ENTRY_BYTES_MAX = 64 << 10;

  /** By log index modulo its length. */
  private final @Nullable LogEntry[] entries = new @Nullable LogEntry[ENTRIES_MAX];

  void add(LogEntry entry) {
    ByteBuffer data = entry.getData();
    boolean small = data == null || data.remaining() <= ENTRY_BYTES_MAX;
    entries[place(entry.getId().getIndex())] = small ? entry : null;
  }

  /** The entry, null if it has to be read. */
  @Nullable LogEntry get(long logIndex) {
    LogEntry entry = entries[place(logIndex)];
    return entry != null && entry.getId().getIndex() == logIndex ? entry : null;
  }

  /** The log has lost entries. */
  void clear() {
    Arrays.fill(entries, null);
  }

  private static int place(long logIndex) {
    return (int) (logIndex % ENTRIES_MAX);
  }
}
