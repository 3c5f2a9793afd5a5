package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.StoredOutcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks what became of a transaction, and if nothing did, sees that nothing ever will: an abort is
 * written into the log that every commit of it must consult (rules 3 and 7).
 */
final class AbortRecordStep extends Step {
  private final Participant participant;
  private final Bytes transaction;
  private final CompletableFuture<StoredOutcome> result = new CompletableFuture<>();

  AbortRecordStep(Participant participant, Bytes transaction) {
    this.participant = participant;
    this.transaction = transaction;
  }

  /** What is now certain; a failure means that nothing is, and to ask again. */
  CompletableFuture<StoredOutcome> result() {
    return result;
  }

  @Override
  Begun begin(Holder batch) {
    Holder decider = participant.decider(transaction);
    if (decider != null) {
      decider.addWaiting(this);
      return Begun.WAITING;
    }
    StoredOutcome outcome = participant.outcome(transaction);
    if (outcome != null) {
      result.complete(outcome);
      return Begun.OVER;
    }
    participant.startDeciding(transaction, batch);
    return Begun.READY;
  }

  @Override
  boolean needsTimestamp() {
    return false;
  }

  @Override
  boolean isInternal() {
    return true;
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    commands.add(new Command.AbortRecord(transaction));
  }

  @Override
  void undo() {
    participant.stopDeciding(transaction);
  }

  @Override
  void ended(Outcome outcome) {
    participant.stopDeciding(transaction);
  }

  @Override
  void answer(Outcome outcome) {
    if (outcome == Outcome.APPLIED) {
      result.complete(new StoredOutcome.Aborted());
    } else {
      result.completeExceptionally(TransactionErrors.notApplied());
    }
  }

  @Override
  void answerFailure(RuntimeException failure) {
    result.completeExceptionally(failure);
  }
}
