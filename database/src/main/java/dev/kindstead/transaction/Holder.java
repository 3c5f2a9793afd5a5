package dev.kindstead.transaction;

import dev.kindstead.storage.Change;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who holds latches: a batch of commits on its way through the log, or this shard's part of a
 * commit over several shards.
 *
 * <p>Thread rule: {@link #floor}, {@link #isIntent} and {@link #awaitRelease} from any thread, the
 * rest on the shard's executor.
 */
final class Holder {
  /** A floor for commits that have not asked for a timestamp: what they get lies in the future. */
  static final long NO_TIMESTAMP_YET = Long.MAX_VALUE;

  private final List<List<Change>> changes = new ArrayList<>();
  private final LinkedHashSet<Step> waiting = new LinkedHashSet<>();

  /** Of those who may give up; guards {@link #isReleased}, too. */
  private final LinkedHashSet<CompletableFuture<Void>> readers = new LinkedHashSet<>();

  private boolean isReleased;

  private final @Nullable LockOwner owner;
  private volatile long floor;
  private volatile boolean intent;
  private boolean proposed;

  Holder(long floor) {
    this(floor, null);
  }

  /**
   * @param owner the open transaction whose part this is, null for others
   */
  Holder(long floor, @Nullable LockOwner owner) {
    this.floor = floor;
    this.owner = owner;
  }

  /** Whether a transaction in the way of an older one holds this: it must not be waited for. */
  @Nullable LockOwner ownerYoungerThan(@Nullable LockOwner waiting) {
    LockOwner owned = owner;
    return waiting != null && owned != null && waiting.isOlderThan(owned) ? owned : null;
  }

  /** Nothing here commits below this timestamp. */
  long floor() {
    return floor;
  }

  /** Set before the oracle is asked to something not above what it can answer (rule 1). */
  void setFloor(long timestamp) {
    floor = timestamp;
  }

  /**
   * Whether this is prepared: its other parts may be visible already, so a read must wait for its
   * outcome even where nothing is applied any more.
   */
  boolean isIntent() {
    return intent;
  }

  void setIntent() {
    intent = true;
  }

  /** Whether a log may hold something of it, so that only the log's word ends it. */
  boolean isProposed() {
    return proposed;
  }

  void setProposed(boolean mayBeInTheLog) {
    proposed = mayBeInTheLog;
  }

  /**
   * Ends when its commits are applied, or certainly never will be. Who gives up before cancels it:
   * nothing of that one stays.
   */
  CompletableFuture<Void> awaitRelease() {
    var release = new CompletableFuture<Void>();
    synchronized (readers) {
      if (isReleased) {
        return CompletableFuture.completedFuture(null);
      }
      readers.add(release);
    }
    var unused =
        release.whenComplete((_, _) -> {
          synchronized (readers) {
            readers.remove(release);
          }
        });
    return release;
  }

  /** Its commits are applied, or certainly never will be; those who wait for that go on. */
  void release() {
    List<CompletableFuture<Void>> told;
    synchronized (readers) {
      isReleased = true;
      told = List.copyOf(readers);
    }
    told.forEach(reader -> reader.complete(null));
  }

  /** How many steps and readers wait for it. */
  int waiting() {
    synchronized (readers) {
      return waiting.size() + readers.size();
    }
  }

  /** Written by its commits, not yet applied. */
  List<List<Change>> changes() {
    return changes;
  }

  void addWaiting(Step step) {
    waiting.addLast(step);
  }

  void removeWaiting(Step step) {
    waiting.remove(step);
  }

  /** Takes the steps that waited for this. */
  List<Step> takeWaiting() {
    List<Step> taken = List.copyOf(waiting);
    waiting.clear();
    return taken;
  }
}
