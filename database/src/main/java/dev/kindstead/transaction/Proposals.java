package dev.kindstead.transaction;

import dev.kindstead.model.Invariant;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Entry;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.Replica;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Proposes a leader's entries, numbered within its term, and finds out what became of each (rule
 * 6).
 *
 * <p>Confined to the shard's executor.
 *
 * <p><b>Invariants.</b> Replicas apply a term's entries without a gap. So when an entry is not
 * applied, those proposed after it are not either; nothing is proposed before all of them have
 * ended, and then the next number is the one that the replica waits for. An entry whose outcome is
 * unknown is certain once the log holds an entry of a later term, or this replica leads in one: by
 * then the log has told.
 */
final class Proposals {
  private static final long NOT_LEADING = 0;

  private static final class Open {
    final long term;
    final long sequence;
    final Consumer<Outcome> ended;
    boolean unknown;

    Open(long term, long sequence, Consumer<Outcome> ended) {
      this.term = term;
      this.sequence = sequence;
      this.ended = ended;
    }
  }

  private final ReplicatedLog log;
  private final Executor executor;
  private final Replica replica;
  private final Runnable mayPropose;
  private final List<Open> open = new ArrayList<>();
  private long term = NOT_LEADING;
  private long nextSequence;

  /** An entry was not applied, so the numbers that follow would leave a gap. */
  private boolean hasGap;

  /**
   * @param mayPropose runs when {@link #canPropose} may have become true
   */
  Proposals(ReplicatedLog log, Executor executor, Replica replica, Runnable mayPropose) {
    this.log = log;
    this.executor = executor;
    this.replica = replica;
    this.mayPropose = mayPropose;
  }

  boolean isLeading() {
    return term != NOT_LEADING;
  }

  /** In which this replica leads. */
  long term() {
    return term;
  }

  boolean canPropose() {
    return isLeading() && !hasGap && open.stream().noneMatch(o -> o.unknown);
  }

  int open() {
    return open.size();
  }

  /**
   * Proposes an entry.
   *
   * @param ended told APPLIED or NOT_APPLIED, both certain; before that UNKNOWN if it takes the log
   *     longer to tell
   */
  void propose(List<Command> commands, Consumer<Outcome> ended) {
    Invariant.check(canPropose(), "only a leader without open questions proposes");
    var proposal = new Open(term, nextSequence++, ended);
    var entry = new Entry(proposal.term, proposal.sequence, commands);
    byte[] bytes = EntryEncoding.encode(entry);
    open.add(proposal);
    replica.expect(bytes, entry);
    log.propose(bytes, outcome -> executor.execute(() -> reported(proposal, outcome)));
  }

  private void reported(Open proposal, Outcome outcome) {
    if (!open.contains(proposal)) {
      return;
    }
    if (replica.isApplied(proposal.term, proposal.sequence)) {
      end(proposal, Outcome.APPLIED);
    } else if (outcome == Outcome.UNKNOWN) {
      proposal.unknown = true;
      proposal.ended.accept(Outcome.UNKNOWN);
    } else {
      hasGap = true;
      end(proposal, Outcome.NOT_APPLIED);
    }
  }

  private void end(Open proposal, Outcome outcome) {
    open.remove(proposal);
    closeGap();
    proposal.ended.accept(outcome);
    mayPropose.run();
  }

  private void closeGap() {
    if (open.isEmpty()) {
      nextSequence = replica.nextSequence(term);
      hasGap = false;
    }
  }

  /**
   * This replica leads; {@link #settleBefore} has been told. In the same term as before, it could
   * not hand over.
   */
  void leaderStarted(long newTerm) {
    term = newTerm;
    closeGap();
    mayPropose.run();
  }

  /** Nothing of an earlier term will be applied any more: what is open ends with certainty. */
  void settleBefore(long newTerm) {
    for (Open proposal : List.copyOf(open)) {
      if (proposal.term < newTerm) {
        boolean applied = replica.isApplied(proposal.term, proposal.sequence);
        end(proposal, applied ? Outcome.APPLIED : Outcome.NOT_APPLIED);
      }
    }
  }

  void leaderStopped(long endedTerm) {
    if (term == endedTerm) {
      term = NOT_LEADING;
    }
  }
}
