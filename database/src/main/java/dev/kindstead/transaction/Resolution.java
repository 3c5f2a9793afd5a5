package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.StoredOutcome;
import dev.kindstead.replication.StoredState.Decision;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Brings the outcome of a transaction over several shards to all its participants (rule 3): the
 * coordinator's leader tells a commit, its home an abort. If either is lost, a participant asks:
 * its next leader at once, the same one after a while.
 *
 * <p>Thread-safe.
 */
final class Resolution {
  private final ShardMap map;
  private final List<Shard> shards;
  private final Repeating repeating;

  /** Who asked last for the outcome of a part, and still does. */
  private final Map<Part, Object> asking = new ConcurrentHashMap<>();

  private record Part(int shard, Bytes transaction) {}

  Resolution(ShardMap map, List<Shard> shards, Repeating repeating) {
    this.map = map;
    this.shards = shards;
    this.repeating = repeating;
  }

  /**
   * Asks the coordinator's log, which answers or records an abort; ends when the outcome is
   * certain, or with a failure when it is not this node's to ask any more.
   */
  CompletableFuture<StoredOutcome> ask(
      Bytes transaction, int coordinatorSlot, BooleanSupplier ours) {
    Shard coordinator = shards.get(map.shardOf(coordinatorSlot));
    return repeating.until(() -> coordinator.outcome(transaction), ours);
  }

  /** The same, and tells these shards when it is an abort. */
  CompletableFuture<StoredOutcome> settle(
      Bytes transaction, int coordinatorSlot, Collection<Integer> told, BooleanSupplier ours) {
    return ask(transaction, coordinatorSlot, ours)
        .thenApply(outcome -> {
          if (outcome instanceof StoredOutcome.Aborted) {
            told.forEach(shard -> tell(shard, transaction, 0, ours));
          }
          return outcome;
        });
  }

  private CompletableFuture<Void> tell(
      int shard, Bytes transaction, long commitTime, BooleanSupplier ours) {
    return repeating.until(() -> shards.get(shard).resolve(transaction, commitTime), ours);
  }

  /**
   * A participant has an intent whose outcome nobody may be about to tell. Whoever asked for it
   * before tries no more: else they would become more and more while nobody can tell.
   */
  void recover(int shard, Bytes transaction, int coordinatorSlot, BooleanSupplier ours) {
    var part = new Part(shard, transaction);
    var mine = new Object();
    asking.put(part, mine);
    BooleanSupplier goesOn = () -> asking.get(part) == mine && ours.getAsBoolean();
    var unused =
        ask(transaction, coordinatorSlot, goesOn)
            .thenCompose(outcome -> {
              long commitTime =
                  outcome instanceof StoredOutcome.Committed committed ? committed.commitTime() : 0;
              return tell(shard, transaction, commitTime, goesOn);
            })
            .whenComplete((_, _) -> asking.remove(part, mine));
  }

  /** A coordinator has decided; the decision goes when all participants have applied it. */
  void tell(int coordinatorShard, Decision decision, BooleanSupplier ours) {
    var all =
        decision.participantSlots().stream()
            .map(map::shardOf)
            .distinct()
            .map(shard -> tell(shard, decision.transaction(), decision.commitTime(), ours))
            .toArray(CompletableFuture<?>[]::new);
    // Where this node's turn ends first, the next leader sees the decision again.
    var forget = new Command.Forget(decision.transaction());
    var unused =
        CompletableFuture.allOf(all)
            .thenCompose(
                _ -> repeating.until(() -> shards.get(coordinatorShard).put(forget), ours));
  }
}
