package dev.kindstead.simulation.check;

import dev.kindstead.replication.LogEvent;
import dev.kindstead.replication.LogEvent.Applied;
import dev.kindstead.replication.LogEvent.Ended;
import dev.kindstead.replication.LogEvent.Loaded;
import dev.kindstead.replication.LogEvent.Proposed;
import dev.kindstead.replication.LogLife;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * One life of a replica, event by event, beside what is known of its group's log:
 *
 * <ul>
 *   <li>from what its state has at the start, or a later checkpoint's, it applies every entry, once
 *       and in order; no checkpoint replaces a leader's state;
 *   <li>it hears that it leads and that it leads no more by turns, in terms that don't fall, and
 *       not before it has applied every entry of earlier terms;
 *   <li>a proposal has at most one outcome, APPLIED only after its bytes have been applied here;
 *   <li>nothing is applied before it starts, nor once it has failed or is closed.
 * </ul>
 */
final class LifeWalk {
  private static final long NONE = 0;
  private static final long NOT_STARTED = -1;

  private final LogLife life;
  private final GroupLog log;
  private final Consumer<String> report;
  private final Map<Long, Long> open = new HashMap<>();
  private final Set<Long> applied = new HashSet<>();
  private final TreeSet<Long> termsLed = new TreeSet<>();

  /** How many proposals of the same bytes may have been applied. */
  private final Map<Long, Integer> proposed = new HashMap<>();

  private long position = NOT_STARTED;
  private long leads = NONE;
  private long termMax;
  private long lastNumber;
  private boolean isOver;

  LifeWalk(LogLife life, GroupLog log, Consumer<String> report) {
    this.life = life;
    this.log = log;
    this.report = report;
  }

  void run() {
    life.events().forEach(this::take);
  }

  private void take(LogEvent event) {
    switch (event) {
      case LogEvent.Started it -> {
        if (position != NOT_STARTED) {
          complain("starts twice");
        }
        position = it.logIndex();
      }
      case Applied it -> apply(it);
      case Loaded it -> load(it.logIndex());
      case LogEvent.LeaderStarted it -> lead(it.term());
      case LogEvent.LeaderStopped it -> {
        if (leads != it.term()) {
          complain("stops leading in term %d, but it led in %d".formatted(it.term(), leads));
        }
        leads = NONE;
      }
      case Proposed it -> propose(it);
      case Ended it -> end(it);
      case LogEvent.Failed _, LogEvent.Closed _ -> isOver = true;
      case LogEvent.Full _ -> {}
    }
  }

  private void apply(Applied entry) {
    if (isOver || position == NOT_STARTED) {
      complain("applies entry %d before its start or after its end".formatted(entry.logIndex()));
    }
    if (entry.logIndex() <= position) {
      complain("applies entry %d again, after %d".formatted(entry.logIndex(), position));
    }
    GroupLog.Known next = log.next(position);
    if (next != null && next.logIndex() < entry.logIndex()) {
      complain("applies entry %d, but not %s".formatted(entry.logIndex(), next));
    }
    position = entry.logIndex();
    termMax = Math.max(termMax, entry.term());
    applied.add(entry.hash());
  }

  private void load(long logIndex) {
    if (leads != NONE) {
      complain("loads a checkpoint while it leads in term " + leads);
    }
    if (logIndex <= position) {
      complain("goes from %d back to the checkpoint at %d".formatted(position, logIndex));
    }
    position = logIndex;
  }

  private void lead(long term) {
    if (leads != NONE) {
      complain("starts to lead in term %d while it leads in %d".formatted(term, leads));
    }
    if (!termsLed.isEmpty() && term < termsLed.last()) {
      complain("leads in term %d after %d".formatted(term, termsLed.last()));
    }
    GroupLog.Known missing = log.next(position);
    if (missing != null && missing.term() < term) {
      complain("leads in term %d without %s".formatted(term, missing));
    }
    leads = term;
    termMax = Math.max(termMax, term);
    termsLed.add(term);
  }

  /** Numbers say which outcome belongs to which proposal; threads may pass each other. */
  private void propose(Proposed proposal) {
    if (open.putIfAbsent(proposal.number(), proposal.hash()) != null) {
      complain("proposes number %d twice".formatted(proposal.number()));
    }
    lastNumber = Math.max(lastNumber, proposal.number());
    proposed.merge(proposal.hash(), 1, Integer::sum);
  }

  private void end(Ended ended) {
    Long hash = open.remove(ended.number());
    if (hash == null) {
      complain(
          ended.number() <= lastNumber
              ? "proposal %d has a second outcome, %s".formatted(ended.number(), ended.outcome())
              : "proposal %d was never made and is %s".formatted(ended.number(), ended.outcome()));
      return;
    }
    switch (ended.outcome()) {
      case APPLIED -> {
        if (isOver) {
          complain("proposal %d is APPLIED after its end".formatted(ended.number()));
        }
        if (!applied.contains(hash)) {
          complain("proposal %d (%016x) is APPLIED, but not here".formatted(ended.number(), hash));
        }
      }
      case NOT_APPLIED -> proposed.merge(hash, -1, Integer::sum);
      case UNKNOWN -> {}
    }
  }

  Set<Long> termsLed() {
    return termsLed;
  }

  /** Whether no proposal can be missing that the log took in a term: whoever leads is over it. */
  boolean hasAllProposals(long term) {
    return life.isWhole() || termMax > term;
  }

  boolean hasProposed(long hash) {
    return proposed.containsKey(hash);
  }

  /** Whether a proposal of these bytes was not told {@link Outcome#NOT_APPLIED}. */
  boolean mayApply(long hash) {
    return proposed.getOrDefault(hash, 0) > 0;
  }

  private void complain(String what) {
    report.accept(life + " " + what);
  }

  @Override
  public String toString() {
    return life.toString();
  }
}
