package dev.kindstead.replication;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.ReplicatedLog.OutcomeListener;
import java.util.Set;

/**
 * A proposal on its way through JRaft, which may answer it more than once or never: the first
 * answer counts, and {@link RaftLog#close} gives the last one.
 *
 * <p>Thread-safe: the monitor is held while the listener runs, so that whoever comes second waits
 * until the first has finished reporting.
 */
final class RaftProposal implements Closure {
  private final OutcomeListener listener;
  private final Set<RaftProposal> open;
  private boolean ended;

  RaftProposal(OutcomeListener listener, Set<RaftProposal> open) {
    this.listener = listener;
    this.open = open;
    open.add(this);
  }

  /** JRaft's answer when it refuses the entry or gives up on it; never OK: see {@link #end}. */
  @Override
  public void run(Status status) {
    end(isCertainlyRefused(status) ? Outcome.NOT_APPLIED : Outcome.UNKNOWN);
  }

  synchronized void end(Outcome outcome) {
    if (ended) {
      return;
    }
    ended = true;
    open.remove(this);
    RaftLog.guard(() -> listener.ended(outcome));
  }

  /**
   * Whether JRaft says that the entry never got into its log. The code alone does not tell: EPERM
   * is also the status of entries that were appended before the leader stepped down. So these are
   * the statuses of NodeImpl.apply and executeApplyingTasks in the one version we use, each given
   * before the entry is appended; a test holds us to them.
   */
  private static boolean isCertainlyRefused(Status status) {
    String message = status.getErrorMsg() == null ? "" : status.getErrorMsg();
    return switch (status.getRaftError()) {
      case EPERM -> message.equals("Is not leader.") || message.startsWith("expected_term=");
      case EBUSY, ENODESHUTDOWN -> true;
      default -> false;
    };
  }
}
