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

  /**
   * The logIndex of the last entry in the state, 0 if none. The engine skips entries at or below it
   * when it replays after a restart.
   */
  long appliedLogIndex();

  /**
   * This replica leads the group: every entry of earlier terms has been applied. Proposals are
   * accepted from now on. The same term may start again after it has stopped: when whoever was
   * asked to lead in its place did not.
   */
  void leaderStarted(long term);

  /**
   * This replica no longer leads. Proposals without an outcome end UNKNOWN, before or after this.
   */
  void leaderStopped(long term);

  /**
   * Writes the whole state, flushed, into an empty directory; returns its {@link #appliedLogIndex}.
   * Immutable files should be hard links into the store: an engine need not read those again.
   */
  long saveCheckpoint(Path directory);

  /**
   * Replaces the whole state, durably, by that of a checkpoint whose files have been verified; it
   * is a later state of the same log. Only while this replica starts or follows. The directory goes
   * away afterwards: copy or link from it, do not move.
   */
  void loadCheckpoint(Path directory);

  /**
   * The engine, or {@link #apply}, met an error that this replica can't go on from: it accepts no
   * more proposals, and those without an outcome end UNKNOWN. Called once.
   */
  void failed(Throwable cause);
}
