package dev.kindstead.transaction;

import dev.kindstead.replication.Command;
import java.util.List;

/** An entry that changes nothing: that it is in the log is what counts. */
final class NothingStep extends AnsweredStep<Void> {
  @Override
  Begun begin(Holder batch) {
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
  void addCommands(long timestamp, List<Command> commands) {}
}
