package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.transaction.Step.Begun;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Latches, validates and evaluates one part of a commit over several shards, and keeps it so. Parts
 * are held in the order of their shards, so that two such commits never wait for each other.
 */
final class HoldStep extends Step {
  private final Participant participant;
  private final Bytes transaction;
  private final CommitPart part;
  private final Acquisition acquisition;
  private final CompletableFuture<Evaluated> result = new CompletableFuture<>();

  /**
   * @param transaction names the commit among the shard's held parts
   */
  HoldStep(Participant participant, Bytes transaction, CommitPart part, Evaluation evaluation) {
    this.participant = participant;
    this.transaction = transaction;
    this.part = part;
    acquisition = new Acquisition(participant, part, this, evaluation);
  }

  CompletableFuture<Evaluated> result() {
    return result;
  }

  @Override
  Begun begin(Holder batch) {
    participant.held().makeRoom(transaction); // of an earlier attempt, whose answer was lost
    var holder = new Holder(Holder.NO_TIMESTAMP_YET, part.owner());
    Begun begun = acquisition.acquire(holder);
    if (begun == Begun.WAITING) {
      return begun;
    }
    var held =
        new HeldPart(
            transaction,
            participant.term(),
            holder,
            part.writtenKeys(),
            part.reads().keys().keySet(),
            part.reads().ranges(),
            acquisition.evaluated(),
            participant.nowNanos());
    checkSize(held);
    participant.held().hold(held);
    result.complete(held.evaluated().withoutChanges());
    return Begun.OVER;
  }

  /** What was read is in the entry that prepares it, too. */
  private void checkSize(HeldPart held) {
    try {
      CommitSize.check(held.bytes());
    } catch (DatastoreException tooLarge) {
      acquisition.release();
      throw tooLarge;
    }
  }

  @Override
  boolean isLate(long nowNanos) {
    return part.deadlineNanos() <= nowNanos;
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {}

  @Override
  void answer(Outcome outcome) {}

  @Override
  void answerFailure(RuntimeException failure) {
    acquisition.stopWaiting();
    result.completeExceptionally(failure);
  }
}
