package dev.kindstead.replication;

import dev.kindstead.model.Bytes;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.storage.WriteSet;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

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
  private static final String STORE = "store";

  /** Entries whose evaluation is remembered: those in flight, and some that came to nothing. */
  private static final int EXPECTED_MAX = 4;

  /** Who waits for an entry; the number tells apart those who wait for the same. */
  private record Awaited(long logIndex, long number) implements Comparable<Awaited> {
    @Override
    public int compareTo(Awaited other) {
      return logIndex != other.logIndex
          ? Long.compare(logIndex, other.logIndex)
          : Long.compare(number, other.number);
    }
  }

  private record Expected(byte[] bytes, Entry entry) {}

  private final VersionedStore store;
  private final ReplicaListener listener;
  private final CommandStaging staging;
  private final LastSequences lastSequences = new LastSequences();
  private final ConcurrentSkipListMap<Awaited, CompletableFuture<Void>> awaited =
      new ConcurrentSkipListMap<>();
  private final AtomicLong awaitedSoFar = new AtomicLong();
  private final ConcurrentLinkedQueue<Expected> expected = new ConcurrentLinkedQueue<>();
  private volatile Position position;

  /** The greatest term of an entry seen since the start, by the engine's word. */
  private long termSeen;

  public Replica(VersionedStore store, ReplicaListener listener) {
    this.store = store;
    this.listener = listener;
    staging = new CommandStaging(store);
    position = storedPosition();
    lastSequences.load(store.store(), position);
  }

  @Override
  public void apply(List<LogEntry> entries) {
    for (LogEntry entry : entries) {
      if (entry.logIndex() > position.logIndex()) {
        apply(entry);
      }
    }
    tellApplied();
  }

  /**
   * Ends when the entry at a log index is applied here, on the applying thread. Whoever waits no
   * longer cancels it: a replica that has stopped would keep it for ever.
   */
  public CompletableFuture<Void> applied(long logIndex) {
    if (logIndex <= position.logIndex()) {
      return CompletableFuture.completedFuture(null);
    }
    var place = new Awaited(logIndex, awaitedSoFar.incrementAndGet());
    var applied = new CompletableFuture<Void>();
    awaited.put(place, applied);
    applied.whenComplete((_, _) -> awaited.remove(place));
    if (logIndex <= position.logIndex()) {
      tellApplied();
    }
    return applied;
  }

  /** How many wait for an entry. */
  public int waiting() {
    return awaited.size();
  }

  private void tellApplied() {
    while (!awaited.isEmpty()) {
      var first = awaited.firstEntry();
      if (first == null || first.getKey().logIndex() > position.logIndex()) {
        return;
      }
      awaited.remove(first.getKey());
      first.getValue().complete(null);
    }
  }

  private void apply(LogEntry logEntry) {
    var entry = EntryEncoding.decode(logEntry.bytes());
    var writes = new WriteSet();
    know(writes, logEntry.bytes());
    boolean follows = position.isFollowedBy(entry, logEntry.term());
    Position next =
        follows
            ? new Position(logEntry.logIndex(), entry.term(), entry.sequence())
            : position.afterSkipping(logEntry.logIndex());
    writes.put(Space.META, StateKeys.POSITION, next.encode());
    if (follows) {
      lastSequences.stage(writes, position, next);
      entry.commands().forEach(command -> staging.stage(writes, command));
    }
    store.store().write(writes);
    position = next;
    if (follows) {
      staging.written();
      lastSequences.applied(next);
    }
    see(logEntry.term());
  }

  /**
   * This replica leads and is about to propose the bytes: what its evaluation has read, under
   * latches that stay until the entry is applied, need not be read again then.
   */
  public void expect(byte[] bytes, Entry entry) {
    expected.add(new Expected(bytes, entry));
    if (expected.size() > EXPECTED_MAX) {
      expected.poll();
    }
  }

  /** The very bytes that were proposed, not only equal ones, are the proposal of this leader. */
  private void know(WriteSet writes, byte[] bytes) {
    for (Expected each : expected) {
      if (each.bytes == bytes) {
        expected.remove(each);
        for (Command command : each.entry.commands()) {
          if (command instanceof Command.ApplyCommit commit) {
            writes.know(commit.changes());
          }
        }
        return;
      }
    }
  }

  private Position storedPosition() {
    return Position.decode(store.store().get(Space.META, StateKeys.POSITION));
  }

  /**
   * Whether an entry has been applied here, or was in a state that was loaded here. Once a later
   * term's leader has started, an entry that has not been applied never will be.
   */
  public boolean isApplied(long term, long sequence) {
    return lastSequences.isApplied(term, sequence);
  }

  /** The only number that the next entry of a term may have; others would be skipped. */
  public long nextSequence(long term) {
    return lastSequences.next(term);
  }

  /**
   * Whether what the log knew of a transaction's outcome may be gone: to be asked after the outcome
   * was not found.
   */
  public boolean hasDropped(Bytes transaction) {
    return staging.hasDropped(transaction);
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
    store.store().checkpoint(directory.resolve(STORE));
    return position.logIndex();
  }

  /**
   * For a replica that is behind the beginning of its leader's log, or has lost its store. It
   * follows, or is starting: the leader's side has read nothing here that it would not read again
   * when this replica leads.
   */
  @Override
  public void loadCheckpoint(Path directory) {
    store.replaceBy(directory.resolve(STORE));
    staging.load();
    Position loaded = storedPosition();
    lastSequences.load(store.store(), loaded);
    position = loaded;
    see(loaded.term());
    tellApplied();
  }

  private void see(long term) {
    if (term > termSeen) {
      termSeen = term;
      listener.termBegan(term);
    }
  }

  @Override
  public void failed(Throwable cause) {
    listener.failed(cause);
  }
}
