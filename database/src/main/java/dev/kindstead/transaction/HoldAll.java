package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Holds all parts of a commit over several shards, one after the other in the order of the shards:
 * whoever waits, waits for a higher shard, so there is no circle.
 */
final class HoldAll {
  private final List<Participant> participants;
  private final Bytes transaction;
  private final List<CommitPart> parts;
  private final Evaluation evaluation;
  private final Duration waitLimit;
  private final List<HeldPart> held = new ArrayList<>();
  private final CompletableFuture<List<HeldPart>> result = new CompletableFuture<>();

  /**
   * @param parts in the order of their shards
   */
  HoldAll(
      List<Participant> participants,
      Bytes transaction,
      List<CommitPart> parts,
      Evaluation evaluation,
      Duration waitLimit) {
    this.participants = participants;
    this.transaction = transaction;
    this.parts = parts;
    this.evaluation = evaluation;
    this.waitLimit = waitLimit;
  }

  /** All parts, held; or why not, and none is. */
  CompletableFuture<List<HeldPart>> run() {
    holdNext();
    return result;
  }

  private void holdNext() {
    if (held.size() == parts.size()) {
      result.complete(List.copyOf(held));
      return;
    }
    CommitPart part = parts.get(held.size());
    Participant participant = participants.get(part.shard());
    var step = new HoldStep(participant, transaction, part, evaluation);
    participant.setDeadline(step, waitLimit);
    step.result()
        .whenComplete((one, failure) -> {
          if (failure == null) {
            held.add(one);
            holdNext();
          } else {
            giveUp(failure);
          }
        });
    participant.submit(step);
  }

  private void giveUp(Throwable failure) {
    for (int i = 0; i < held.size(); i++) {
      participants.get(parts.get(i).shard()).releaseLater(held.get(i));
    }
    result.completeExceptionally(failure);
  }
}
