package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.storage.Change;
import java.util.List;

/** Removes entries of an index that nobody maintains or uses any more; all of them are there. */
final class RemoveEntriesStep extends AnsweredStep<Void> {
  private final List<Change> changes;

  RemoveEntriesStep(List<Bytes> entries) {
    changes =
        entries.stream().<Change>map(each -> new Change.DeleteIndexEntry(each.array())).toList();
  }

  @Override
  Begun begin(Holder batch) {
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
}
