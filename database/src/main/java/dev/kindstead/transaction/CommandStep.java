package dev.kindstead.transaction;

import dev.kindstead.replication.Command;
import java.util.List;

/**
 * Puts commands into the shard's log that meet no commit: housekeeping. Without any the entry
 * changes nothing, and that it is in the log is what counts.
 */
class CommandStep extends AnsweredStep<Void> {
  private final List<Command> own;

  CommandStep(Command... commands) {
    own = List.of(commands);
  }

  @Override
  Begun begin(Holder batch) {
    return Begun.READY;
  }

  @Override
  boolean needsTimestamp() {
    return false;
  }

  /** What is evaluated beside a reset would build on entities that are gone. */
  @Override
  boolean isAlone() {
    return own.stream().anyMatch(Command.Reset.class::isInstance);
  }

  @Override
  boolean isInternal() {
    return true;
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    commands.addAll(own);
  }
}
