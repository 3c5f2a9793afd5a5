package dev.kindstead.transaction;

import dev.kindstead.replication.Command;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Puts a command into the shard's log that meets no commit: housekeeping. */
final class CommandStep extends Step {
  private final Command command;
  private final CompletableFuture<Void> result = new CompletableFuture<>();

  CommandStep(Command command) {
    this.command = command;
  }

  CompletableFuture<Void> result() {
    return result;
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
