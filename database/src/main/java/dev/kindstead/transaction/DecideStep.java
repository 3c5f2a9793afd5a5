package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.StoredOutcome;
import dev.kindstead.transaction.Evaluated.OrdinalResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commit point of a transaction over several shards, in its coordinator's log. Everything else
 * is prepared, so the timestamp it gets is above every prepare (rule 3). If the coordinator's shard
 * takes part, its own part is committed in the same entry.
 *
 * <p>Its result: the whole commit's answer. ABORTED when the log says so; UNAVAILABLE when nothing
 * is decided.
 */
final class DecideStep extends AnsweredStep<CommitResult> {
  private final Participant coordinator;
  private final Bytes transaction;
  private final long fingerprint;
  private final @Nullable HeldPart own;
  private final List<HeldPart> parts;
  private final List<Integer> preparedSlots;
  private @Nullable CommitResult answer;

  /**
   * @param fingerprint of the request, kept with its answer
   * @param own the coordinator's part, held but not prepared; null if it has none
   * @param parts all of them
   */
  DecideStep(
      Participant coordinator,
      Bytes transaction,
      long fingerprint,
      @Nullable HeldPart own,
      List<HeldPart> parts,
      List<Integer> preparedSlots) {
    this.coordinator = coordinator;
    this.transaction = transaction;
    this.fingerprint = fingerprint;
    this.own = own;
    this.parts = parts;
    this.preparedSlots = preparedSlots;
  }

  @Override
  Begun begin(Holder batch) {
    Holder decider = coordinator.decider(transaction);
    if (decider != null) {
      decider.addWaiting(this);
      return Begun.WAITING;
    }
    StoredOutcome outcome = coordinator.outcome(transaction);
    if (outcome != null) {
      result().complete(AnswerEncoding.answerOf(outcome));
      return Begun.OVER;
    }
    Evaluation.checkBytes(entryBytes());
    if (own != null) {
      if (own.term() != coordinator.term()) {
        throw TransactionErrors.notApplied(); // another leader may have let others in meanwhile
      }
      own.holder().setFloor(batch.floor());
    }
    coordinator.startDeciding(transaction, batch);
    return Begun.READY;
  }

  @Override
  int bytes() {
    return (int) entryBytes();
  }

  /** The coordinator's changes and the answer of all parts share the entry. */
  private long entryBytes() {
    long bytes = own == null ? 128 : EntryEncoding.expectedBytes(commitOfOwn(own, 0));
    for (HeldPart part : parts) {
      bytes += part.evaluated().answerBytes();
    }
    return bytes;
  }

  private static Command commitOfOwn(HeldPart part, long timestamp) {
    return new Command.ApplyCommit(timestamp, null, new byte[0], part.evaluated().changes());
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    var results = new ArrayList<OrdinalResult>();
    int indexUpdates = 0;
    for (HeldPart part : parts) {
      results.addAll(part.evaluated().resultsAt(timestamp));
      indexUpdates += part.evaluated().indexUpdates();
    }
    answer = Evaluated.answer(results, indexUpdates, timestamp);
    byte[] stored = AnswerEncoding.encode(answer, fingerprint);
    commands.add(new Command.Decide(transaction, timestamp, stored, preparedSlots));
    if (own != null) {
      own.holder().setFloor(timestamp);
      commands.add(commitOfOwn(own, timestamp));
    }
  }

  @Override
  void undo() {
    coordinator.stopDeciding(transaction);
  }

  @Override
  void ended(Outcome outcome) {
    coordinator.stopDeciding(transaction);
    if (outcome == Outcome.APPLIED && own != null) {
      coordinator.release(own);
    }
  }

  @Override
  @Nullable CommitResult applied() {
    return answer;
  }
}
