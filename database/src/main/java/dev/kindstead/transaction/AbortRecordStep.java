package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.StoredOutcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks what became of a transaction, and if nothing did, sees that nothing ever will: an abort is
 * written into the log that every commit of it must consult (rules 3 and 7).
 *
 * <p>Its result: what is now certain; a failure means that nothing is, and to ask again.
 */
final class AbortRecordStep extends AnsweredStep<StoredOutcome> {
  private final Participant participant;
  private final Bytes transaction;

  AbortRecordStep(Participant participant, Bytes transaction) {
    this.participant = participant;
    this.transaction = transaction;
  }

  @Override
  Begun begin(Holder batch) {
    Holder decider = participant.decider(transaction);
    if (decider != null) {
      return await(decider);
    }
    StoredOutcome outcome = participant.outcome(transaction);
    if (outcome != null) {
      result().complete(outcome);
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
  @Nullable StoredOutcome applied() {
    return new StoredOutcome.Aborted();
  }
}
