package dev.kindstead.transaction;

import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Command.DropIndex;
import dev.kindstead.replication.Command.PutIndex;
import dev.kindstead.replication.ReplicatedLog.Outcome;

/**
 * Changes which indexes a shard maintains. Alone in its entry: {@link MaintainedIndexes}.
 *
 * <p>UNAVAILABLE while a held part has read by an index whose maintenance is to end: what is
 * evaluated after that makes no entry that would meet the part's shared latch.
 */
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
  Begun begin(Holder batch) {
    if (command instanceof PutIndex(var index) && !index.isMaintained()) {
      checkIsUnread(index.id());
    } else if (command instanceof DropIndex(var id)) {
      checkIsUnread(id);
    }
    return super.begin(batch);
  }

  private void checkIsUnread(long index) {
    if (participant.latches().isRead(index)) {
      throw new DatastoreException(
          Code.UNAVAILABLE, "a commit on its way has read by the index; it ends later");
    }
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
