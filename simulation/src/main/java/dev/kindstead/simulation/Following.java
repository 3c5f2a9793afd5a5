package dev.kindstead.simulation;

import dev.kindstead.replication.LogReader;
import dev.kindstead.simulation.ModelMessage.Answer;
import dev.kindstead.simulation.ModelMessage.Append;
import dev.kindstead.simulation.ModelMessage.Beat;
import dev.kindstead.simulation.ModelMessage.Checkpoint;
import java.time.Duration;

/**
 * What a replica does while another one leads, or none: it takes what it is sent, and stands for
 * election when it hears nothing. Confined to the scheduler's thread.
 */
final class Following {
  private static final Duration ELECTION_SPREAD = Duration.ofMillis(200);
  private static final Duration VOTING_MAX = Duration.ofMillis(8);
  private static final Duration COPYING_MAX = Duration.ofMillis(400);

  /** A log without other members has nobody to wait for, so its elections take any time. */
  private static final Duration LONELY_ELECTION_MAX = Duration.ofMillis(1_500);

  private final ModelLog log;
  private final ModelSite site;
  private final ModelGroup group;
  private final ModelDisk disk;
  private final ModelJournal journal;
  private final LogReader reader;

  /** Who leads as far as this replica knows, be it itself; empty for nobody. */
  private String leader = "";

  private long heardNanos;

  Following(ModelLog log, ModelJournal journal, LogReader reader) {
    this.log = log;
    site = log.site();
    this.journal = journal;
    this.reader = reader;
    group = log.group();
    disk = log.disk();
  }

  String leader() {
    return leader;
  }

  /** At the start, and when it ceases to lead. */
  void begin() {
    leader = "";
    awaitLeader();
  }

  /** It leads itself. */
  void lead() {
    leader = log.nodeId();
  }

  /** Others must have been silent for an election timeout; then this one tries, again and again. */
  private void awaitLeader() {
    Duration patience =
        log.isAlone()
            ? site.some(LONELY_ELECTION_MAX)
            : ModelLog.ELECTION_MIN.plus(site.some(ELECTION_SPREAD));
    long since = heardNanos;
    log.after(
        patience,
        () -> {
          if (!log.believesToLead() && heardNanos != since) {
            awaitLeader();
          } else if (!log.believesToLead()) {
            leader = "";
            log.after(site.some(VOTING_MAX), this::standForElection);
          }
        });
  }

  private void standForElection() {
    if (!hearsLeader()) {
      log.tryToLead(false);
    }
    if (!log.believesToLead()) {
      awaitLeader();
    }
  }

  boolean hearsLeader() {
    return !leader.isEmpty() && site.nowNanos() - heardNanos < ModelLog.ELECTION_MIN.toNanos();
  }

  void hear(Beat beat) {
    if (follows(beat)) {
      journal.agreed(Math.min(beat.commitLogIndex(), disk.lastLogIndex()));
      answer(beat, true, -1);
    }
  }

  /** Whether a leader's message is of the latest term; the sender hears if not. */
  private boolean follows(ModelMessage message) {
    if (message.term() < disk.term()) {
      answer(message, false, 0);
      return false;
    }
    leader = message.from();
    heardNanos = site.nowNanos();
    return true;
  }

  private void answer(ModelMessage to, boolean matches, long logIndex) {
    log.send(to.from(), new Answer(log.nodeId(), disk.term(), matches, logIndex));
  }

  void take(Append append) {
    if (!follows(append)) {
      return;
    }
    if (!disk.matches(append.previousLogIndex(), append.previousTerm())) {
      answer(append, false, Math.max(journal.commitLogIndex(), disk.cutLogIndex()) + 1);
      return;
    }
    for (ModelEntry entry : append.entries()) {
      if (!disk.matches(entry.logIndex(), entry.term())) {
        if (entry.logIndex() <= disk.lastLogIndex()) {
          group.hit("entries replaced");
          disk.truncateAfter(entry.logIndex() - 1);
        }
        journal.append(entry);
      }
    }
    long last = append.previousLogIndex() + append.entries().size();
    journal.awaitSync(
        last,
        () -> {
          if (disk.term() == append.term()) {
            journal.agreed(Math.min(append.commitLogIndex(), last));
            answer(append, true, last);
          }
        });
  }

  void copy(Checkpoint checkpoint) {
    if (follows(checkpoint)) {
      log.after(site.some(COPYING_MAX), () -> load(checkpoint));
    }
  }

  private void load(Checkpoint checkpoint) {
    if (checkpoint.term() != disk.term() || log.believesToLead()) {
      return;
    }
    if (reader.appliedLogIndex() < checkpoint.logIndex()) {
      group.hit("checkpoint loaded");
      reader.loadCheckpoint(checkpoint.directory());
      journal.loaded(checkpoint.logIndex(), checkpoint.logTerm(), checkpoint.voters());
    }
    answer(checkpoint, true, checkpoint.logIndex());
  }
}
