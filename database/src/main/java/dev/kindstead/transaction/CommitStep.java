package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.StoredOutcome;
import dev.kindstead.transaction.Step.Begun;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Commits what touches this shard alone: one command of one entry. */
final class CommitStep extends Step {
  private final Participant participant;
  private final CommitPart part;
  private final Acquisition acquisition;
  private final CompletableFuture<CommitResult> result = new CompletableFuture<>();
  private @Nullable CommitResult answer;
  private @Nullable Holder batch;

  CommitStep(Participant participant, CommitPart part, Evaluation evaluation) {
    this.participant = participant;
    this.part = part;
    acquisition = new Acquisition(participant, part, this, evaluation);
  }

  /** Of the whole commit. */
  CompletableFuture<CommitResult> result() {
    return result;
  }

  @Override
  Begun begin(Holder batch) {
    Bytes id = part.id();
    if (id != null) {
      Holder decider = participant.decider(id);
      if (decider != null) {
        return await(decider);
      }
      StoredOutcome outcome = participant.outcomeBeforeCommit(id);
      if (outcome != null) {
        result.complete(AnswerEncoding.answerOf(outcome));
        return Begun.OVER;
      }
    }
    Begun begun = acquisition.acquire(batch);
    if (begun == Begun.READY) {
      LockOwner owner = part.owner();
      if (owner != null && !owner.latch()) {
        acquisition.undo(batch);
        throw TransactionErrors.contention();
      }
      this.batch = batch;
      participant.startDeciding(id, batch);
    }
    return begun;
  }

  @Override
  boolean mayWait() {
    return true;
  }

  @Override
  boolean isLate(long nowNanos) {
    return part.deadlineNanos() <= nowNanos;
  }

  @Override
  int bytes() {
    return EntryEncoding.expectedBytes(command(0)) + (int) acquisition.evaluated().answerBytes();
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    answer = acquisition.evaluated().answerAt(timestamp);
    commands.add(command(timestamp));
  }

  private Command command(long timestamp) {
    CommitResult known = answer;
    byte[] bytes =
        part.id() == null || known == null
            ? new byte[0]
            : AnswerEncoding.encode(known, part.fingerprint());
    return new Command.ApplyCommit(timestamp, part.id(), bytes, acquisition.evaluated().changes());
  }

  @Override
  void undo() {
    Holder taken = batch;
    if (taken != null) {
      acquisition.undo(taken);
    }
    participant.stopDeciding(part.id());
  }

  @Override
  void ended(Outcome outcome) {
    acquisition.release();
    participant.stopDeciding(part.id());
  }

  @Override
  void answer(Outcome outcome) {
    if (outcome == Outcome.APPLIED) {
      result.complete(answer);
    } else {
      result.completeExceptionally(TransactionErrors.notApplied());
    }
  }

  @Override
  void answerFailure(RuntimeException failure) {
    acquisition.stopWaiting();
    result.completeExceptionally(failure);
  }
}
