package dev.kindstead.simulation;

import java.nio.file.Path;
import java.util.List;

/** What the replicas of a {@link ModelGroup} tell each other. */
sealed interface ModelMessage {
  String from();

  /** Of the sender; a leader's is the one it leads in. */
  long term();

  /** The leader is there; what is agreed on, as far as the receiver is known to have it. */
  record Beat(String from, long term, long commitLogIndex) implements ModelMessage {}

  /** Entries, and the one before them, by which the receiver finds out whether they fit. */
  record Append(
      String from,
      long term,
      long previousLogIndex,
      long previousTerm,
      List<ModelEntry> entries,
      long commitLogIndex)
      implements ModelMessage {}

  /** The state up to a log index, for a receiver that is behind the beginning of the log. */
  record Checkpoint(
      String from, long term, long logIndex, long logTerm, ModelVoters voters, Path directory)
      implements ModelMessage {}

  /**
   * An answer to the leader.
   *
   * @param matches whether the log is the leader's up to {@code logIndex}, synced; if not, that is
   *     where it may be tried again; negative for an answer to a {@link Beat}
   */
  record Answer(String from, long term, boolean matches, long logIndex) implements ModelMessage {}

  /** The leader wants the receiver to lead, at once. */
  record TakeOver(String from, long term) implements ModelMessage {}
}
