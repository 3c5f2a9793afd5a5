package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.storage.Change;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes entries of an index that nobody maintains or uses any more, as far as they are there:
 * whoever has no answer removes them again, while the first removal may be on its way.
 */
final class RemoveEntriesStep extends AnsweredStep<Void> {
  private final Participant participant;
  private final List<Bytes> entries;
  private final List<Change> changes = new ArrayList<>();
  private @Nullable Holder latched;

  RemoveEntriesStep(Participant participant, List<Bytes> entries) {
    this.participant = participant;
    this.entries = entries;
  }

  @Override
  Begun begin(Holder batch) {
    Holder blocker = participant.latches().blockerOfWrites(entries);
    if (blocker != null) {
      return await(blocker);
    }
    changes.clear();
    for (Bytes entry : entries) {
      if (participant.store().hasIndexEntry(entry.array())) {
        changes.add(new Change.DeleteIndexEntry(entry.array()));
      }
    }
    participant.latches().latch(entries, batch);
    latched = batch;
    return Begun.READY;
  }

  @Override
  boolean isInternal() {
    return true;
  }

  @Override
  int bytes() {
    return EntryEncoding.expectedBytes(commit(0));
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    commands.add(commit(timestamp));
  }

  private Command commit(long timestamp) {
    return new Command.ApplyCommit(timestamp, null, new byte[0], changes);
  }

  @Override
  void undo() {
    participant.latches().unlatch(entries, latched);
  }

  @Override
  void ended(Outcome outcome) {
    participant.latches().unlatch(entries, latched);
  }
}
