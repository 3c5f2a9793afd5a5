package dev.kindstead.simulation;

import dev.kindstead.replication.LogEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * What a replica group's log keeps on disk: it outlives crashes, a {@link ModelLog} does not.
 *
 * <p>Confined to the scheduler's thread.
 */
public final class ModelGroup {
  private final List<LogEntry> entries = new ArrayList<>();
  private long cutBelow = 1;
  private long lastLogIndex;
  private long term;

  /** Commits an entry of a term: from now on it survives. */
  LogEntry commit(long entryTerm, byte[] bytes) {
    var entry = new LogEntry(++lastLogIndex, entryTerm, bytes);
    entries.add(entry);
    return entry;
  }

  long nextTerm() {
    return ++term;
  }

  long lastLogIndex() {
    return lastLogIndex;
  }

  /** The engine's own entries take log indexes too. */
  void skipLogIndex() {
    lastLogIndex++;
  }

  /** Committed entries above a log index, which must not have been cut. */
  List<LogEntry> above(long logIndex) {
    if (logIndex + 1 < cutBelow) {
      throw new IllegalStateException(
          "the replica needs entry " + (logIndex + 1) + ", but the log begins at " + cutBelow);
    }
    return entries.stream().filter(entry -> entry.logIndex() > logIndex).toList();
  }

  /** Forgets the entries up to a log index that a flushed store has. */
  void cut(long upTo) {
    cutBelow = Math.max(cutBelow, upTo + 1);
    entries.removeIf(entry -> entry.logIndex() <= upTo);
  }
}
