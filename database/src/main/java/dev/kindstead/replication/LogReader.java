package dev.kindstead.replication;

import java.nio.file.Path;
import java.util.List;

/**
 * What a replica gives the log: the state machine. All calls come from one thread at a time, in
 * order.
 */
public interface LogReader {
  /**
   * Applies committed entries, in order. An exception stops this replica for good.
   *
   * @param entries at least one; their logIndex rises, not always by one (the engine keeps entries
   *     of its own)
   */
  void apply(List<LogEntry> entries);

  /** The logIndex up to which the state is durable or replayed: entries at or below are skipped. */
  long appliedLogIndex();

  /**
   * This replica leads the group: every entry of earlier terms has been applied. Proposals are
   * accepted from now on.
   */
  void leaderStarted(long term);

  /** This replica no longer leads. Proposals without an outcome will end UNKNOWN. */
  void leaderStopped(long term);

  /** Writes the whole state, flushed, into an empty directory; returns its applied logIndex. */
  long saveCheckpoint(Path directory);

  /** Replaces the whole state by that of a checkpoint. */
  void loadCheckpoint(Path directory);

  /** The engine met an error it can't go on from; this replica serves no more writes. */
  void failed(Throwable cause);
}
