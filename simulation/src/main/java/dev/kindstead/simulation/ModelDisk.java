package dev.kindstead.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What one replica's log keeps on disk: it outlives processes, except for entries that are written
 * but not synced yet. Confined to the scheduler's thread.
 */
final class ModelDisk {
  /** What a power cut has left of an entry that was not synced. */
  private enum Left {
    WHOLE,
    TORN,
    NOTHING
  }

  /** What happened to entries that were not synced when the power was cut. */
  enum Damage {
    /** Some are not there, or not whole. */
    LOST,
    /** The first that is not as it was written is there in part. */
    TORN,
    /** One behind the first that is not as it was written is whole: it was on disk before. */
    REORDERED
  }

  private final List<ModelEntry> entries = new ArrayList<>();

  /** As of the last entry that is not here any more. */
  private ModelVoters cutVoters;

  /** Later ones, by log index. */
  private final TreeMap<Long, ModelVoters> changes = new TreeMap<>();

  private long cutLogIndex;
  private long cutTerm;
  private long syncedLogIndex;

  /** What the sync that is under way will have made durable: what was there when it began. */
  private long syncingLogIndex;

  /** Behind this nothing is durable, whatever was said of it; with a planted fault only. */
  private long trueUntilLogIndex = Long.MAX_VALUE;

  private long term;

  /**
   * @param founders who votes before the first entry says otherwise; nobody for one who is to join
   */
  ModelDisk(ModelVoters founders) {
    cutVoters = founders;
  }

  /** Who votes by the last entry that says so, be it agreed on or not. */
  ModelVoters voters() {
    return votersAt(lastLogIndex());
  }

  /** The same by the entries up to a log index. */
  ModelVoters votersAt(long logIndex) {
    var last = changes.floorEntry(logIndex);
    return last == null ? cutVoters : last.getValue();
  }

  /** The latest term this replica has voted or followed in: it takes nothing of earlier ones. */
  long term() {
    return term;
  }

  void promise(long newTerm) {
    term = Math.max(term, newTerm);
  }

  /** The last log index that is not here any more. */
  long cutLogIndex() {
    return cutLogIndex;
  }

  long lastLogIndex() {
    return cutLogIndex + entries.size();
  }

  long lastTerm() {
    return termAt(lastLogIndex());
  }

  /** Whether the other log is further, by Raft's measure for votes. */
  boolean isBehind(ModelDisk other) {
    return lastTerm() != other.lastTerm()
        ? lastTerm() < other.lastTerm()
        : lastLogIndex() < other.lastLogIndex();
  }

  long syncedLogIndex() {
    return syncedLogIndex;
  }

  /** Of an entry from the last one cut on. */
  long termAt(long logIndex) {
    return logIndex == cutLogIndex ? cutTerm : at(logIndex).term();
  }

  /** Whether the log agrees with another one up to here; what is cut was agreed on. */
  boolean matches(long logIndex, long itsTerm) {
    return logIndex < cutLogIndex || (logIndex <= lastLogIndex() && termAt(logIndex) == itsTerm);
  }

  ModelEntry at(long logIndex) {
    return entries.get((int) (logIndex - cutLogIndex - 1));
  }

  /** Entries from a log index on, at most so many. */
  List<ModelEntry> from(long logIndex, int max) {
    int from = (int) (logIndex - cutLogIndex - 1);
    return List.copyOf(entries.subList(from, Math.min(entries.size(), from + max)));
  }

  void append(ModelEntry entry) {
    if (entry.logIndex() != lastLogIndex() + 1) {
      throw new IllegalStateException("a gap in the log at " + entry);
    }
    entries.add(entry);
    ModelVoters voters = entry.voters();
    if (voters != null) {
      changes.put(entry.logIndex(), voters);
    }
  }

  /** Takes back what another leader has replaced. */
  void truncateAfter(long logIndex) {
    if (logIndex < cutLogIndex) {
      throw new IllegalStateException("what is cut was agreed on: " + logIndex);
    }
    while (lastLogIndex() > logIndex) {
      entries.removeLast();
    }
    changes.tailMap(logIndex, false).clear();
    syncedLogIndex = Math.min(syncedLogIndex, logIndex);
    syncingLogIndex = Math.min(syncingLogIndex, logIndex);
  }

  void beginSync() {
    syncingLogIndex = lastLogIndex();
  }

  void endSync() {
    syncedLogIndex = Math.max(syncedLogIndex, syncingLogIndex);
  }

  /** Forgets entries that a flushed store has. */
  void cut(long upTo) {
    if (upTo > cutLogIndex) {
      cutTerm = termAt(upTo);
      cutVoters = votersAt(upTo);
      changes.headMap(upTo, true).clear();
      entries.subList(0, (int) (upTo - cutLogIndex)).clear();
      cutLogIndex = upTo;
    }
  }

  /** The log begins anew above a checkpoint, with what it has of the same history. */
  void replaceBelow(long logIndex, long itsTerm, ModelVoters itsVoters) {
    if (logIndex <= lastLogIndex() && matches(logIndex, itsTerm)) {
      cut(logIndex);
      syncedLogIndex = Math.max(syncedLogIndex, logIndex);
    } else {
      entries.clear();
      changes.clear();
      cutLogIndex = logIndex;
      cutTerm = itsTerm;
      cutVoters = itsVoters;
      syncedLogIndex = logIndex;
      syncingLogIndex = logIndex;
    }
  }

  /** What the sync under way was for is not durable, nor what comes after it: a planted fault. */
  void lieFromHere() {
    trueUntilLogIndex = Math.min(trueUntilLogIndex, syncedLogIndex);
  }

  /**
   * What was not synced is there or is not, entry by entry, in part or whole, and in any order. The
   * log ends before the first entry whose checksum is wrong, as the real one does that reads its
   * segments at a start: what comes behind was not synced either.
   */
  Set<Damage> crash(RandomGenerator random) {
    long durable = Math.max(cutLogIndex, Math.min(syncedLogIndex, trueUntilLogIndex));
    int wholePercent = random.nextInt(101);
    Set<Damage> damage = EnumSet.noneOf(Damage.class);
    long end = lastLogIndex();
    for (long logIndex = durable + 1; logIndex <= lastLogIndex(); logIndex++) {
      Left left = left(random, wholePercent);
      if (!damage.isEmpty()) {
        if (left == Left.WHOLE) {
          damage.add(Damage.REORDERED);
        }
      } else if (left != Left.WHOLE) {
        end = logIndex - 1;
        damage.add(Damage.LOST);
        if (left == Left.TORN) {
          damage.add(Damage.TORN);
        }
      }
    }
    truncateAfter(end);
    syncedLogIndex = lastLogIndex();
    trueUntilLogIndex = Long.MAX_VALUE;
    return damage;
  }

  private static Left left(RandomGenerator random, int wholePercent) {
    if (random.nextInt(100) < wholePercent) {
      return Left.WHOLE;
    }
    return random.nextBoolean() ? Left.TORN : Left.NOTHING;
  }
}
