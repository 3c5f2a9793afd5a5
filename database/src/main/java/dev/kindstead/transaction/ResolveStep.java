package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Tells a participant what its coordinator decided; repeating it does no harm. */
final class ResolveStep extends Step {
  private final Participant participant;
  private final Bytes transaction;
  private final long commitTime;
  private final CompletableFuture<Void> result = new CompletableFuture<>();

  /**
   * @param commitTime microseconds, zero for an abort
   */
  ResolveStep(Participant participant, Bytes transaction, long commitTime) {
    this.participant = participant;
    this.transaction = transaction;
    this.commitTime = commitTime;
  }

  /** Ends when it is applied; a failure means that it is to be repeated. */
  CompletableFuture<Void> result() {
    return result;
  }

  @Override
  Begun begin(Holder batch) {
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
    commands.add(new Command.Resolve(transaction, commitTime));
  }

  @Override
  void ended(Outcome outcome) {
    HeldPart part = participant.held(transaction);
    if (outcome == Outcome.APPLIED && part != null) {
      participant.release(part);
    }
  }

  @Override
  void answer(Outcome outcome) {
    if (outcome == Outcome.APPLIED) {
      result.complete(null);
    } else {
      result.completeExceptionally(TransactionErrors.notApplied());
    }
  }

  @Override
  void answerFailure(RuntimeException failure) {
    result.completeExceptionally(failure);
  }
}
