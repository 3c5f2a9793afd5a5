package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.StoredOutcome;
import dev.kindstead.replication.StoredState.Decision;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Brings the outcome of a transaction over several shards to all its participants: after the
 * decision, after a failure, and when a shard has a new leader (rule 3). What a shard's leader has
 * not brought about when it stops leading is the next one's to do.
 *
 * <p>Thread-safe.
 */
final class Resolution {
  private final ShardMap map;
  private final List<Participant> participants;
  private final Repeating repeating;

  Resolution(ShardMap map, List<Participant> participants, Repeating repeating) {
    this.map = map;
    this.participants = participants;
    this.repeating = repeating;
  }

  /**
   * Asks the coordinator's log, which answers or records an abort; ends when the outcome is
   * certain, or with a failure when it is not this node's to ask any more.
   */
  CompletableFuture<StoredOutcome> ask(
      Bytes transaction, int coordinatorSlot, BooleanSupplier ours) {
    Participant coordinator = participants.get(map.shardOf(coordinatorSlot));
    return repeating.until(
        () -> {
          var step = new AbortRecordStep(coordinator, transaction);
          coordinator.submit(step);
          return step.result();
        },
        ours);
  }

  /** Asks, then resolves the transaction on these shards. */
  void settle(Bytes transaction, int coordinatorSlot, Collection<Integer> shards) {
    BooleanSupplier ours =
        () -> shards.stream().anyMatch(shard -> participants.get(shard).isOurs());
    ask(transaction, coordinatorSlot, ours)
        .thenAccept(outcome -> {
          long commitTime =
              outcome instanceof StoredOutcome.Committed committed ? committed.commitTime() : 0;
          if (commitTime == 0) {
            shards.forEach(shard -> resolve(shard, transaction, 0));
          } else {
            resolveAndForget(transaction, coordinatorSlot, commitTime, shards);
          }
        });
  }

  /** Resolves a committed transaction everywhere; its decision goes when all have applied it. */
  void resolveAndForget(
      Bytes transaction, int coordinatorSlot, long commitTime, Collection<Integer> shards) {
    var all =
        shards.stream()
            .map(shard -> resolve(shard, transaction, commitTime))
            .toArray(CompletableFuture<?>[]::new);
    Participant coordinator = participants.get(map.shardOf(coordinatorSlot));
    CompletableFuture.allOf(all)
        .thenRun(() -> {
          var step = new CommandStep(new Command.Forget(transaction));
          coordinator.submit(step); // if it fails, the next leader sees the decision again
        });
  }

  private CompletableFuture<Void> resolve(int shard, Bytes transaction, long commitTime) {
    Participant participant = participants.get(shard);
    return repeating.until(
        () -> {
          var step = new ResolveStep(participant, transaction, commitTime);
          participant.submit(step);
          return step.result();
        },
        participant::isOurs);
  }

  /** A new leader found an intent: its transaction's home is gone. */
  void recover(int shard, Prepare prepare) {
    int coordinatorSlot = prepare.coordinatorSlot();
    ask(prepare.transaction(), coordinatorSlot, participants.get(shard)::isOurs)
        .thenAccept(outcome -> {
          long commitTime =
              outcome instanceof StoredOutcome.Committed committed ? committed.commitTime() : 0;
          resolve(shard, prepare.transaction(), commitTime);
        });
  }

  /** A new leader found a decision that participants may not have heard of. */
  void recover(int coordinatorSlot, Decision decision) {
    List<Integer> shards =
        decision.participantSlots().stream().map(map::shardOf).distinct().toList();
    resolveAndForget(decision.transaction(), coordinatorSlot, decision.commitTime(), shards);
  }
}
