package dev.kindstead.admission;

import dev.kindstead.model.DatastoreException;
import java.util.concurrent.Executor;

/** A call before a full gate. Its questions are asked only then. */
public interface Entrant {
  /** Who shares with whom: project and database. */
  String database();

  /**
   * Whether it goes on with a transaction that is open: that one may hold locks for which those
   * inside are waiting.
   */
  boolean isOfTransaction();

  /** Bytes that it keeps in memory while it waits. */
  long bytes();

  /** When it is no longer worth beginning, by {@link dev.kindstead.environment.Clock}. */
  long deadlineNanos();

  /** Where {@link #enter} and {@link #refuse} are called. */
  Executor executor();

  /**
   * Its turn: it is inside, and calls {@link Gate#leave} when it is done. It may be a while since
   * that was decided.
   */
  void enter();

  /** It has waited in vain; nothing of it is done. */
  void refuse(DatastoreException why);
}
