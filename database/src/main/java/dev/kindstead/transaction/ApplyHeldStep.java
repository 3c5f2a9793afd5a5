package dev.kindstead.transaction;

import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commits a held part of a non-transactional commit, on its own: one command of one entry.
 *
 * <p>Its result: the part's timestamp; UNAVAILABLE when it is certainly not applied.
 */
final class ApplyHeldStep extends AnsweredStep<Long> {
  private final Participant participant;
  private final HeldPart part;
  private long timestamp;

  ApplyHeldStep(Participant participant, HeldPart part) {
    this.participant = participant;
    this.part = part;
  }

  @Override
  Begun begin(Holder batch) {
    if (part.term() != participant.term()) {
      participant.release(part); // another leader may have let others in meanwhile
      throw TransactionErrors.unknownOutcome();
    }
    part.holder().setFloor(batch.floor());
    return Begun.READY;
  }

  @Override
  int bytes() {
    return EntryEncoding.expectedBytes(command());
  }

  @Override
  boolean isInternal() {
    return true;
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    this.timestamp = timestamp;
    part.holder().setFloor(timestamp);
    commands.add(command());
  }

  private Command command() {
    return new Command.ApplyCommit(timestamp, null, new byte[0], part.evaluated().changes());
  }

  @Override
  void ended(Outcome outcome) {
    if (outcome == Outcome.APPLIED || isOver()) {
      participant.release(part);
    }
  }

  @Override
  @Nullable Long applied() {
    return timestamp;
  }
}
