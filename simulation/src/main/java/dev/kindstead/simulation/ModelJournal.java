package dev.kindstead.simulation;

import dev.kindstead.replication.LogEntry;
import dev.kindstead.replication.LogReader;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.ReplicatedLog.OutcomeListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a replica does with entries whoever leads: it writes them to its {@link ModelDisk}, syncs
 * that after a while, and applies what is agreed on, late and in batches of any size.
 *
 * <p>Confined to the scheduler's thread.
 *
 * <p><b>Invariant.</b> Nothing is applied that is not agreed on, nor before the own disk has it.
 */
final class ModelJournal {
  /** So long does a leader wait for its own disk before it asks another node to lead. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private static final Duration APPLY_MAX = Duration.ofMillis(4);
  private static final Duration LAG_MAX = Duration.ofMillis(400);

  /** One batch in so many is late on a follower. */
  private static final int LAGGING_IN = 20;

  private final ModelLog log;
  private final ModelSite site;
  private final ModelDisk disk;
  private final LogReader reader;
  private final SortedMap<Long, OutcomeListener> open = new TreeMap<>();
  private final List<SyncWait> syncWaits = new ArrayList<>();
  private long commitLogIndex;
  private long appliedLogIndex;
  private long lastEntryNanos;
  private boolean syncing;
  private boolean applying;

  private record SyncWait(long logIndex, Runnable then) {}

  ModelJournal(ModelLog log, ModelDisk disk, LogReader reader) {
    this.log = log;
    site = log.site();
    this.disk = disk;
    this.reader = reader;
    appliedLogIndex = reader.appliedLogIndex();
    commitLogIndex = appliedLogIndex;
    lastEntryNanos = site.nowNanos();
  }

  long commitLogIndex() {
    return commitLogIndex;
  }

  long appliedLogIndex() {
    return appliedLogIndex;
  }

  /** The last log index whose entry is in the store. */
  long storedLogIndex() {
    return reader.appliedLogIndex();
  }

  /** When an entry that is not the engine's own was taken last, by the machine's clock. */
  long lastEntryNanos() {
    return lastEntryNanos;
  }

  /** Writes a leader's entry; it is synced later. */
  void append(ModelEntry entry) {
    disk.append(entry);
    if (entry.bytes() != null) {
      lastEntryNanos = site.nowNanos();
    }
    syncSoon();
  }

  /** The same, with somebody to be told that it is applied. */
  void append(ModelEntry entry, OutcomeListener listener) {
    append(entry);
    open.put(entry.logIndex(), listener);
  }

  /** All who have not been told, who never will be. */
  List<OutcomeListener> takeOpen() {
    List<OutcomeListener> all = List.copyOf(open.values());
    open.clear();
    return all;
  }

  /** Has all entries up to a checkpoint's be those that are in the store. */
  void loaded(long logIndex, long logTerm, ModelVoters voters) {
    disk.replaceBelow(logIndex, logTerm, voters);
    appliedLogIndex = Math.max(appliedLogIndex, logIndex);
    commitLogIndex = Math.max(commitLogIndex, logIndex);
    lastEntryNanos = site.nowNanos();
  }

  void agreed(long logIndex) {
    commitLogIndex = Math.max(commitLogIndex, logIndex);
    applySoon();
  }

  void awaitSync(long logIndex, Runnable then) {
    if (disk.syncedLogIndex() >= logIndex) {
      then.run();
    } else {
      syncWaits.add(new SyncWait(logIndex, then));
      syncSoon();
    }
  }

  private void syncSoon() {
    if (syncing || disk.syncedLogIndex() == disk.lastLogIndex()) {
      return;
    }
    syncing = true;
    disk.beginSync();
    Duration takes = site.hardware().syncTakes(site.random());
    if (site.hardware().isDiskSlow()) {
      log.group().hit("slow disk");
    }
    if (takes.compareTo(LATE) > 0) {
      log.after(LATE, this::handOverIfAwaited);
    }
    log.after(
        takes,
        () -> {
          syncing = false;
          boolean fails = site.hardware().failsSync();
          if (fails) {
            log.group().hit("failing disk");
          }
          if (fails && log.failedSync()) {
            return;
          }
          disk.endSync();
          syncSoon();
          List<SyncWait> over =
              syncWaits.stream().filter(w -> w.logIndex() <= disk.syncedLogIndex()).toList();
          syncWaits.removeAll(over);
          over.forEach(wait -> wait.then().run());
          log.synced();
          applySoon();
        });
  }

  /** As the engine does whose leader waits for its own disk only. */
  private void handOverIfAwaited() {
    if (commitLogIndex > disk.syncedLogIndex()) {
      log.resignLeadership();
    }
  }

  private void applySoon() {
    if (!applying && appliedLogIndex < applicableLogIndex()) {
      applying = true;
      Duration max = log.isLagging(LAGGING_IN) ? LAG_MAX : APPLY_MAX;
      log.after(
          site.some(max),
          () -> {
            applying = false;
            applySome();
            applySoon();
          });
    }
  }

  private long applicableLogIndex() {
    return site.plant() == Plant.APPLIED_BEFORE_ITS_OWN_DISK
        ? commitLogIndex
        : Math.min(commitLogIndex, disk.syncedLogIndex());
  }

  private void applySome() {
    long most = applicableLogIndex() - appliedLogIndex;
    if (most <= 0) {
      return;
    }
    long until = appliedLogIndex + 1 + site.random().nextLong(most);
    var entries = new ArrayList<LogEntry>();
    for (long logIndex = appliedLogIndex + 1; logIndex <= until; logIndex++) {
      ModelEntry entry = disk.at(logIndex);
      if (entry.bytes() != null && logIndex > reader.appliedLogIndex()) {
        entries.add(new LogEntry(logIndex, entry.term(), entry.bytes()));
      }
    }
    appliedLogIndex = until;
    if (!entries.isEmpty()) {
      reader.apply(entries);
    }
    SortedMap<Long, OutcomeListener> applied = open.headMap(until + 1);
    List<OutcomeListener> listeners = List.copyOf(applied.values());
    applied.clear();
    listeners.forEach(listener -> listener.ended(Outcome.APPLIED));
    log.applied();
  }
}
