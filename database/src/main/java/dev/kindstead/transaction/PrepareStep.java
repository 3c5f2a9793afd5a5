package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Puts a held part into the log as intents and locks: it will commit whenever it is told to. */
final class PrepareStep extends Step {
  private final Participant participant;
  private final HeldPart part;
  private final int coordinatorSlot;
  private final CompletableFuture<Void> result = new CompletableFuture<>();

  PrepareStep(Participant participant, HeldPart part, int coordinatorSlot) {
    this.participant = participant;
    this.part = part;
    this.coordinatorSlot = coordinatorSlot;
  }

  /** Ends when the part is prepared; UNAVAILABLE when it certainly is not. */
  CompletableFuture<Void> result() {
    return result;
  }

  @Override
  Begun begin(Holder batch) {
    if (part.term() != participant.term()) {
      throw TransactionErrors.notApplied(); // another leader may have let others in meanwhile
    }
    part.holder().setIntent();
    part.holder().setFloor(batch.floor());
    return Begun.READY;
  }

  @Override
  int bytes() {
    return EntryEncoding.expectedBytes(command(0));
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    part.holder().setFloor(timestamp);
    commands.add(command(timestamp));
  }

  private Command command(long timestamp) {
    return new Command.Prepare(
        part.transaction(),
        coordinatorSlot,
        timestamp,
        part.evaluated().changes(),
        List.<Bytes>copyOf(part.readKeys()),
        part.readRanges());
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
