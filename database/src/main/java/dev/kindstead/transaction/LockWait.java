package dev.kindstead.transaction;

import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A pessimistic transaction's shared lock on one key, waited for until it is had or the time is
 * over. Thread-safe.
 */
final class LockWait {
  private final Participant participant;
  private final int shard;
  private final Bytes key;
  private final LockOwner owner;
  private final Timers timers;
  private final Runnable retry = this::attempt;
  private final CompletableFuture<Void> locked = new CompletableFuture<>();

  LockWait(Participant participant, int shard, Bytes key, LockOwner owner, Timers timers) {
    this.participant = participant;
    this.shard = shard;
    this.key = key;
    this.owner = owner;
    this.timers = timers;
  }

  /** Ends when the lock is held; ABORTED, and so is the transaction, when it can't be had. */
  CompletableFuture<Void> run(Duration limit) {
    attempt();
    if (!locked.isDone()) {
      var timer = timers.schedule(limit, this::giveUp);
      locked.whenComplete((_, _) -> timer.cancel());
    }
    return locked;
  }

  private void attempt() {
    if (locked.isDone()) {
      return;
    }
    switch (participant.locks().lockShared(key, owner, retry)) {
      case GRANTED -> granted();
      case WAITING -> {}
      case FULL -> giveUp();
    }
  }

  private void granted() {
    if (!owner.addLock(new LockOwner.HeldLock(shard, key))) {
      participant.locks().unlock(key, owner);
      locked.completeExceptionally(TransactionErrors.contention());
      return;
    }
    // A commit that latched the key before will change it: the snapshot must not be older.
    Holder writer = participant.latches().holderOf(key);
    if (writer == null) {
      locked.complete(null);
    } else {
      CompletableFuture<Void> release = writer.awaitRelease();
      var unused = release.thenRun(this::attempt);
      locked.whenComplete((_, _) -> release.cancel(false));
      LockOwner younger = writer.ownerYoungerThan(owner);
      if (younger != null) {
        participant.wound(younger);
      }
    }
  }

  private void giveUp() {
    if (locked.completeExceptionally(TransactionErrors.contention())) {
      participant.locks().stopWaiting(key, retry);
      participant.wound(owner);
    }
  }
}
