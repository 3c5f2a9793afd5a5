package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.transaction.Step.Begun;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts a held part into the log as intents and locks: it will commit whenever it is told to.
 *
 * <p>Its result: ends when the part is prepared; UNAVAILABLE when it certainly is not.
 */
final class PrepareStep extends AnsweredStep<Void> {
  private final Participant participant;
  private final Bytes transaction;
  private final int coordinatorSlot;
  private @Nullable HeldPart held;

  PrepareStep(Participant participant, Bytes transaction, int coordinatorSlot) {
    this.participant = participant;
    this.transaction = transaction;
    this.coordinatorSlot = coordinatorSlot;
  }

  @Override
  Begun begin(Holder batch) {
    HeldPart part = participant.held().ofTerm(transaction, participant.term());
    part.holder().setIntent();
    part.holder().setProposed(true);
    part.holder().setFloor(batch.floor());
    held = part;
    return Begun.READY;
  }

  @Override
  int bytes() {
    return part().bytes();
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    part().holder().setFloor(timestamp);
    commands.add(part().prepare(coordinatorSlot, timestamp));
  }

  private HeldPart part() {
    return Objects.requireNonNull(held);
  }

  @Override
  void undo() {
    part().holder().setProposed(false);
  }

  @Override
  void ended(Outcome outcome) {
    if (outcome == Outcome.APPLIED) {
      participant.held().prepared(transaction, coordinatorSlot);
    } else {
      part().holder().setProposed(false);
    }
  }
}
