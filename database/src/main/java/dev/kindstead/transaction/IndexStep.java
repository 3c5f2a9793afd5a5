package dev.kindstead.transaction;

import dev.kindstead.replication.Command;
import dev.kindstead.replication.Command.DropIndex;
import dev.kindstead.replication.Command.PutIndex;
import dev.kindstead.replication.ReplicatedLog.Outcome;

/** Changes which indexes a shard maintains. Alone in its entry: {@link MaintainedIndexes}. */
final class IndexStep extends CommandStep {
  private final Participant participant;
  private final Command command;

  /**
   * @param command a PutIndex or a DropIndex
   */
  IndexStep(Participant participant, Command command) {
    super(command);
    this.participant = participant;
    this.command = command;
  }

  @Override
  boolean isAlone() {
    return true;
  }

  @Override
  void ended(Outcome outcome) {
    if (outcome == Outcome.APPLIED) {
      if (command instanceof PutIndex(var index)) {
        participant.indexes().put(index);
      } else if (command instanceof DropIndex(var id)) {
        participant.indexes().drop(id);
      }
    }
  }
}
