package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.placement.ShardMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Commits a transaction over several shards: hold every part, prepare every part but the
 * coordinator's in its log, decide and commit the coordinator's part in one entry of its log, then
 * resolve. Runs at the transaction's home; if that dies, {@link Resolution} finishes what the logs
 * tell.
 *
 * <p>The coordinator's part needs no intents: until the decision it is held by latches alone, and a
 * coordinator that dies before has decided nothing.
 */
final class TwoPhaseCommit {
  private final List<Participant> participants;
  private final Resolution resolution;
  private final Bytes transaction;
  private final long fingerprint;
  private final int coordinatorSlot;
  private final int coordinatorShard;
  private final List<Integer> shards;
  private final List<Integer> preparingShards;
  private final List<Integer> preparingSlots;
  private final CompletableFuture<CommitResult> result = new CompletableFuture<>();

  /**
   * @param fingerprint of the request, kept with its answer
   * @param coordinatorSlot a slot of the shard that holds the commit's answer
   * @param shards that take part
   */
  TwoPhaseCommit(
      List<Participant> participants,
      ShardMap map,
      Resolution resolution,
      Bytes transaction,
      long fingerprint,
      int coordinatorSlot,
      List<Integer> shards) {
    this.participants = participants;
    this.resolution = resolution;
    this.transaction = transaction;
    this.fingerprint = fingerprint;
    this.coordinatorSlot = coordinatorSlot;
    this.coordinatorShard = map.shardOf(coordinatorSlot);
    this.shards = shards;
    this.preparingShards = shards.stream().filter(shard -> shard != coordinatorShard).toList();
    this.preparingSlots = preparingShards.stream().map(map::firstSlotOf).toList();
  }

  /** Goes on from where all parts are held, in the order of {@code shards}. */
  CompletableFuture<CommitResult> run(List<HeldPart> parts) {
    var prepared = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < parts.size(); i++) {
      prepared.add(
          shards.get(i) == coordinatorShard
              ? CompletableFuture.completedFuture(null)
              : prepare(shards.get(i), parts.get(i)));
    }
    CompletableFuture.allOf(prepared.toArray(CompletableFuture<?>[]::new))
        .whenComplete((_, failure) -> {
          if (failure == null) {
            decide(parts);
          } else {
            abort(TransactionErrors.notApplied());
            releaseUnprepared(parts, prepared);
          }
        });
    return result;
  }

  private CompletableFuture<Void> prepare(int shard, HeldPart part) {
    Participant participant = participants.get(shard);
    var step = new PrepareStep(participant, part, coordinatorSlot);
    participant.submit(step);
    return step.result();
  }

  /** Nothing was decided, and nobody but this home could: the commit is certainly not applied. */
  private void abort(RuntimeException answer) {
    resolution.settle(transaction, coordinatorSlot, shards);
    result.completeExceptionally(answer);
  }

  /** A part that is in no log needs no resolution to let go of its latches. */
  private void releaseUnprepared(List<HeldPart> parts, List<CompletableFuture<Void>> prepared) {
    for (int i = 0; i < parts.size(); i++) {
      boolean certain =
          prepared.get(i).isCompletedExceptionally() && !isUnknown(prepared.get(i).exceptionNow());
      if (certain || shards.get(i) == coordinatorShard) {
        participants.get(shards.get(i)).releaseLater(parts.get(i));
      }
    }
  }

  private void decide(List<HeldPart> parts) {
    Participant coordinator = participants.get(coordinatorShard);
    int own = shards.indexOf(coordinatorShard);
    var step =
        new DecideStep(
            coordinator,
            transaction,
            fingerprint,
            own < 0 ? null : parts.get(own),
            parts,
            preparingSlots);
    step.result().whenComplete(this::decided);
    coordinator.submit(step);
  }

  private void decided(CommitResult answer, Throwable failure) {
    if (failure == null) {
      result.complete(answer);
      resolution.resolveAndForget(
          transaction, coordinatorSlot, answer.commitTime(), preparingShards);
    } else {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      abort(cause instanceof RuntimeException known ? known : TransactionErrors.unknownOutcome());
    }
  }

  private static boolean isUnknown(Throwable failure) {
    return failure instanceof DatastoreException known && known.code() == Code.INTERNAL;
  }
}
