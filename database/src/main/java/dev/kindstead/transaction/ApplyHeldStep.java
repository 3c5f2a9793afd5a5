package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.transaction.Step.Begun;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Commits a held part of a non-transactional commit, on its own: one command of one entry, with the
 * answer, for whoever asks again.
 *
 * <p>Its result: the part's timestamp; UNAVAILABLE when it is certainly not applied.
 */
final class ApplyHeldStep extends AnsweredStep<Long> {
  private final Participant participant;
  private final Bytes transaction;
  private @Nullable HeldPart held;
  private long timestamp;

  ApplyHeldStep(Participant participant, Bytes transaction) {
    this.participant = participant;
    this.transaction = transaction;
  }

  @Override
  Begun begin(Holder batch) {
    Holder decider = participant.decider(transaction);
    if (decider != null) {
      return await(decider);
    }
    HeldPart part = participant.held().find(transaction);
    boolean isEnded = participant.outcome(transaction) != null; // whoever asks had given up
    if (part == null || part.term() != participant.term() || isEnded) {
      if (part != null) {
        // Another leader may have let others in meanwhile, or the log has the end already.
        participant.held().release(part);
      }
      throw TransactionErrors.unknownOutcome();
    }
    part.holder().setFloor(batch.floor());
    part.holder().setProposed(true);
    held = part;
    participant.startDeciding(transaction, batch);
    return Begun.READY;
  }

  @Override
  int bytes() {
    return EntryEncoding.expectedBytes(command()) + (int) part().evaluated().answerBytes();
  }

  @Override
  boolean isInternal() {
    return true;
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    this.timestamp = timestamp;
    part().holder().setFloor(timestamp);
    commands.add(command());
  }

  private HeldPart part() {
    return Objects.requireNonNull(held);
  }

  private Command command() {
    Evaluated evaluated = part().evaluated();
    byte[] answer =
        timestamp == 0 ? new byte[0] : AnswerEncoding.encode(evaluated.answerAt(timestamp), 0);
    return new Command.ApplyCommit(timestamp, transaction, answer, evaluated.changes());
  }

  @Override
  void undo() {
    participant.stopDeciding(transaction);
    part().holder().setProposed(false);
  }

  @Override
  void ended(Outcome outcome) {
    undo();
    if (outcome == Outcome.APPLIED || isOver()) {
      participant.held().release(part());
    }
  }

  @Override
  @Nullable Long applied() {
    return timestamp;
  }
}
