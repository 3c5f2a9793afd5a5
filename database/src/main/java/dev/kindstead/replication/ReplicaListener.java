package dev.kindstead.replication;

import dev.kindstead.replication.Command.Prepare;
import java.util.List;

/**
 * The leader's side of a replica: told what happens to it, on the applying thread, so it must be
 * quick.
 */
public interface ReplicaListener {
  /**
   * Every entry of earlier terms has been applied.
   *
   * @param prepared transactions without an outcome on this shard, oldest first
   */
  void leaderStarted(long term, List<Prepare> prepared);

  void leaderStopped(long term);

  /**
   * The log holds an entry of this term: what leaders of earlier terms proposed is applied by now,
   * or never will be.
   */
  void termBegan(long term);

  /** Writes have stopped for good; reads of what is applied go on. */
  void failed(Throwable cause);
}
