package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.StoredOutcome;
import dev.kindstead.replication.StoredState.Decision;
import dev.kindstead.transaction.Step.Begun;
import java.util.List;
import java.util.Objects;
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
  private final Shard.Verdict verdict;
  private @Nullable HeldPart own;
  private @Nullable CommitResult answer;

  DecideStep(Participant coordinator, Shard.Verdict verdict) {
    this.coordinator = coordinator;
    this.verdict = verdict;
  }

  @Override
  Begun begin(Holder batch) {
    Bytes transaction = verdict.transaction();
    Holder decider = coordinator.decider(transaction);
    if (decider != null) {
      return await(decider);
    }
    StoredOutcome outcome = coordinator.outcomeBeforeCommit(transaction);
    if (outcome != null) {
      result().complete(AnswerEncoding.answerOf(outcome));
      return Begun.OVER;
    }
    own = verdict.takesPart() ? coordinator.held().ofTerm(transaction, coordinator.term()) : null;
    CommitSize.check(entryBytes());
    if (own != null) {
      own.holder().setFloor(batch.floor());
      own.holder().setProposed(true);
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
    HeldPart part = own;
    long changes = part == null ? 128 : EntryEncoding.expectedBytes(commitOfOwn(part, 0));
    return changes + verdict.whole().answerBytes();
  }

  private static Command commitOfOwn(HeldPart part, long timestamp) {
    return new Command.ApplyCommit(timestamp, null, new byte[0], part.evaluated().changes());
  }

  @Override
  void addCommands(long timestamp, List<Command> commands) {
    answer = verdict.whole().answerAt(timestamp);
    byte[] stored = AnswerEncoding.encode(answer, verdict.fingerprint());
    commands.add(
        new Command.Decide(verdict.transaction(), timestamp, stored, verdict.preparedSlots()));
    HeldPart part = own;
    if (part != null) {
      part.holder().setFloor(timestamp);
      commands.add(commitOfOwn(part, timestamp));
    }
  }

  @Override
  void undo() {
    coordinator.stopDeciding(verdict.transaction());
    HeldPart part = own;
    if (part != null) {
      part.holder().setProposed(false);
    }
  }

  @Override
  void ended(Outcome outcome) {
    undo();
    HeldPart part = own;
    if (outcome == Outcome.APPLIED) {
      if (part != null) {
        coordinator.held().release(part);
      }
      coordinator.decided(
          new Decision(verdict.transaction(), commitTime(), verdict.preparedSlots()));
    }
  }

  @Override
  @Nullable CommitResult applied() {
    return answer;
  }

  private long commitTime() {
    return Objects.requireNonNull(answer).commitTime();
  }
}
