package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryEncoding;
import java.util.List;

/**
 * Puts a held part into the log as intents and locks: it will commit whenever it is told to.
 *
 * <p>Its result: ends when the part is prepared; UNAVAILABLE when it certainly is not.
 */
final class PrepareStep extends AnsweredStep<Void> {
  private final Participant participant;
  private final HeldPart part;
  private final int coordinatorSlot;

  PrepareStep(Participant participant, HeldPart part, int coordinatorSlot) {
    this.participant = participant;
    this.part = part;
    this.coordinatorSlot = coordinatorSlot;
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
}
