package dev.kindstead.replication;

import dev.kindstead.storage.Space;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.storage.WriteSet;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The state machine of a shard: applies entries to its store, alike on every replica.
 *
 * <p>Thread rule: {@link LogReader}'s methods come from the engine, one at a time; the others from
 * any thread.
 *
 * <p><b>Invariants.</b> An entry is applied if and only if its term is the engine's term of that
 * entry and its sequence is the next of that term (rule 6). All effects of an entry, its log index
 * included, are one atomic write (rule 8). An exception while applying stops the replica.
 */
public final class Replica implements LogReader {
  /** Terms whose last applied sequence is remembered; proposals are never open for longer. */
  private static final int TERMS_REMEMBERED = 64;

  private final VersionedStore store;
  private final ReplicaListener listener;
  private final CommandStaging staging;
  private final ConcurrentSkipListMap<Long, Long> lastSequences = new ConcurrentSkipListMap<>();
  private volatile Position position;

  /** The greatest term of an entry seen since the start, by the engine's word. */
  private long termSeen;

  public Replica(VersionedStore store, ReplicaListener listener) {
    this.store = store;
    this.listener = listener;
    position = Position.decode(store.store().get(Space.META, StateKeys.POSITION));
    staging = new CommandStaging(store);
  }

  @Override
  public void apply(List<LogEntry> entries) {
    for (LogEntry entry : entries) {
      if (entry.logIndex() > position.logIndex()) {
        apply(entry);
      }
    }
  }

  private void apply(LogEntry logEntry) {
    var entry = EntryEncoding.decode(logEntry.bytes());
    var writes = new WriteSet();
    boolean follows = position.isFollowedBy(entry, logEntry.term());
    Position next =
        follows
            ? new Position(logEntry.logIndex(), entry.term(), entry.sequence())
            : position.afterSkipping(logEntry.logIndex());
    writes.put(Space.META, StateKeys.POSITION, next.encode());
    if (follows) {
      entry.commands().forEach(command -> staging.stage(writes, command));
    }
    store.store().write(writes);
    position = next;
    if (follows) {
      staging.written();
      remember(entry);
    }
    if (logEntry.term() > termSeen) {
      termSeen = logEntry.term();
      listener.termBegan(termSeen);
    }
  }

  private void remember(Entry entry) {
    lastSequences.put(entry.term(), entry.sequence());
    if (lastSequences.size() > TERMS_REMEMBERED) {
      lastSequences.pollFirstEntry();
    }
  }

  /** Whether an entry that this process proposed has been applied here. */
  public boolean isApplied(long term, long sequence) {
    Long last = lastSequences.get(term);
    return last != null && last >= sequence;
  }

  @Override
  public long appliedLogIndex() {
    return position.logIndex();
  }

  @Override
  public void leaderStarted(long term) {
    listener.leaderStarted(term, staging.prepared());
  }

  @Override
  public void leaderStopped(long term) {
    listener.leaderStopped(term);
  }

  @Override
  public long saveCheckpoint(Path directory) {
    store.store().flush();
    store.store().checkpoint(directory.resolve("store"));
    return position.logIndex();
  }

  /**
   * Only a replica whose store was lost needs its checkpoint back; that belongs to clusters, where
   * a replica behind the log's beginning gets one from its leader.
   */
  @Override
  public void loadCheckpoint(Path directory) {
    throw new IllegalStateException(
        "the shard's store is older than the log's checkpoint " + directory + ": it was lost");
  }

  @Override
  public void failed(Throwable cause) {
    listener.failed(cause);
  }
}
