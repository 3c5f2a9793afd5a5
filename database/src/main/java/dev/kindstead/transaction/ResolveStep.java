package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.transaction.Step.Begun;
import java.util.List;

/**
 * Tells a participant what its coordinator decided; repeating it does no harm.
 *
 * <p>Its result: ends when it is applied; a failure means that it is to be repeated.
 */
final class ResolveStep extends AnsweredStep<Void> {
  private final Participant participant;
  private final Bytes transaction;
  private final long commitTime;

  /**
   * @param commitTime microseconds, zero for an abort
   */
  ResolveStep(Participant participant, Bytes transaction, long commitTime) {
    this.participant = participant;
    this.transaction = transaction;
    this.commitTime = commitTime;
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
    HeldPart part = participant.held().find(transaction);
    if (outcome == Outcome.APPLIED && part != null) {
      participant.held().release(part);
    }
  }
}
