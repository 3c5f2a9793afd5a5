package dev.kindstead.transaction;

import dev.kindstead.replication.Command;
import java.util.List;

/** Puts a command into the shard's log that meets no commit: housekeeping. */
class CommandStep extends AnsweredStep<Void> {
  private final Command command;

  CommandStep(Command command) {
    this.command = command;
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
    return command instanceof Command.Reset;
  }

  @Override
  boolean isInternal() {
    return true;
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    commands.add(command);
  }
}
