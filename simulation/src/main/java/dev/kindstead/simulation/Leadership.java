package dev.kindstead.simulation;

import dev.kindstead.replication.LogReader;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.ReplicatedLog.Outcome;
import dev.kindstead.replication.ReplicatedLog.OutcomeListener;
import dev.kindstead.simulation.ModelMessage.Answer;
import dev.kindstead.simulation.ModelMessage.Append;
import dev.kindstead.simulation.ModelMessage.Beat;
import dev.kindstead.simulation.ModelMessage.Checkpoint;
import dev.kindstead.simulation.ModelMessage.TakeOver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a replica does while it leads in one term, or believes to. Confined to the scheduler's
 * thread.
 *
 * <p><b>Invariant.</b> What a majority has synced is agreed on only once that holds for an entry of
 * this term.
 */
final class Leadership {
  private static final Duration BEAT = Duration.ofMillis(100);
  private static final Duration ANSWER_LIMIT = Duration.ofMillis(150);
  private static final Duration COPYING_LIMIT = Duration.ofSeconds(1);
  private static final Duration TRANSFER_LIMIT = Duration.ofMillis(500);

  /** How much longer a leader may believe that it leads when no majority answers any more. */
  static final Duration BELIEF_MAX = Duration.ofSeconds(2);

  private static final int ENTRIES_SENT_MAX = 20;

  /** One leader in so many believes too long; one entry in so many is there twice. */
  private static final int BELIEVING_IN = 3;

  private static final int REPEATED_IN = 50;

  private final ModelLog log;
  private final ModelSite site;
  private final ModelGroup group;
  private final ModelDisk disk;
  private final ModelJournal journal;
  private final LogReader reader;
  private final long term;
  private final long firstLogIndex;
  private final SortedMap<String, Progress> others = new TreeMap<>();
  private Duration belief;
  private boolean started;
  private boolean transferring;

  /** Who is to take over once it has everything; empty for nobody. */
  private String successor = "";

  private boolean over;
  private final MemberChange change;

  Leadership(ModelLog log, ModelJournal journal, LogReader reader, long term) {
    this.log = log;
    site = log.site();
    this.journal = journal;
    this.reader = reader;
    this.term = term;
    group = log.group();
    disk = log.disk();
    firstLogIndex = disk.lastLogIndex() + 1;
    belief =
        log.isNasty() && site.random().nextInt(BELIEVING_IN) == 0
            ? site.some(BELIEF_MAX)
            : Duration.ZERO;
    follow(disk.voters().all(), firstLogIndex);
    change = new MemberChange(log, this, disk);
  }

  /** Sends entries to these others, beginning with one by which they find out what they lack. */
  void follow(Set<String> nodeIds) {
    follow(nodeIds, Math.max(1, disk.lastLogIndex()));
  }

  private void follow(Set<String> nodeIds, long nextLogIndex) {
    for (String id : nodeIds) {
      if (!id.equals(log.nodeId())) {
        others.computeIfAbsent(id, _ -> new Progress(id, nextLogIndex, site.nowNanos()));
      }
    }
  }

  /** Sends nothing to anybody else any more; they are not told. */
  void followOnly(Set<String> nodeIds) {
    others.keySet().retainAll(nodeIds);
  }

  /** Whether others have all that this one's log had a moment ago. */
  boolean hasCaughtUp(Set<String> nodeIds, long logIndex) {
    return nodeIds.stream()
        .allMatch(id -> {
          Progress other = others.get(id);
          return id.equals(log.nodeId()) || (other != null && other.matchedLogIndex >= logIndex);
        });
  }

  void changeMembers(Members next, Consumer<String> done) {
    if (isTold() && !over) {
      change.begin(next, done);
    } else {
      done.accept("this replica does not lead");
    }
  }

  /** Appends an entry from which on these vote. */
  void append(ModelVoters voters) {
    journal.append(new ModelEntry(disk.lastLogIndex() + 1, term, null, voters));
    follow(voters.all());
    others.values().forEach(this::replicate);
  }

  void begin() {
    journal.append(new ModelEntry(firstLogIndex, term, null));
    beat();
  }

  /** From now on it believes for at least so long that it leads when no majority answers. */
  void believe(Duration atLeast) {
    belief = belief.compareTo(atLeast) < 0 ? atLeast : belief;
  }

  long term() {
    return term;
  }

  /** Whether its reader has been told that it leads, and not that it does no more. */
  boolean isTold() {
    return started && !transferring;
  }

  void propose(byte[] entry, OutcomeListener listener) {
    if (!isTold() || disk.term() != term) {
      listener.ended(Outcome.NOT_APPLIED);
      return;
    }
    journal.append(next(entry), listener);
    if (log.isNasty() && site.random().nextInt(REPEATED_IN) == 0) {
      journal.append(next(entry));
    }
    others.values().forEach(this::replicate);
  }

  private ModelEntry next(byte[] entry) {
    return new ModelEntry(disk.lastLogIndex() + 1, term, entry);
  }

  private void beat() {
    if (over) {
      return;
    }
    if (!hearsMajority(belief)) {
      log.stepDown();
      return;
    }
    tellCommitted();
    others.values().forEach(this::replicate);
    log.after(BEAT, this::beat);
  }

  void tellCommitted() {
    for (Progress other : others.values()) {
      long known = Math.min(journal.commitLogIndex(), other.matchedLogIndex);
      log.send(other.nodeId, new Beat(log.nodeId(), term, known));
    }
  }

  /** Whether a majority, itself included, was heard of within an election timeout and more. */
  boolean hearsMajority(Duration patience) {
    return hasHeardMajority(site.nowNanos() - ModelLog.ELECTION_MIN.plus(patience).toNanos());
  }

  /** The same since a time by this machine's clock. */
  boolean hasHeardMajority(long sinceNanos) {
    List<String> heard = new ArrayList<>(heardSince(sinceNanos));
    heard.add(log.nodeId());
    return disk.voters().isMajority(heard);
  }

  /** The others that were heard of within a time. */
  List<String> heard(Duration within) {
    return heardSince(site.nowNanos() - within.toNanos());
  }

  private List<String> heardSince(long since) {
    return others.values().stream()
        .filter(other -> other.heardNanos - since >= 0)
        .map(other -> other.nodeId)
        .toList();
  }

  /** Sends what the other lacks, unless it has yet to answer what it was sent before. */
  private void replicate(Progress other) {
    long now = site.nowNanos();
    boolean waits = other.isWaiting && now - other.waitsUntilNanos < 0;
    if (waits || other.nextLogIndex > disk.lastLogIndex()) {
      return;
    }
    boolean behind = other.nextLogIndex <= disk.cutLogIndex();
    log.send(other.nodeId, behind ? checkpoint() : entriesFrom(other.nextLogIndex));
    other.isWaiting = true;
    other.waitsUntilNanos = now + (behind ? COPYING_LIMIT : ANSWER_LIMIT).toNanos();
  }

  private Append entriesFrom(long logIndex) {
    return new Append(
        log.nodeId(),
        term,
        logIndex - 1,
        disk.termAt(logIndex - 1),
        disk.from(logIndex, 1 + site.random().nextInt(ENTRIES_SENT_MAX)),
        journal.commitLogIndex());
  }

  private Checkpoint checkpoint() {
    Path directory = site.checkpoints().get();
    long saved = reader.saveCheckpoint(directory);
    return new Checkpoint(
        log.nodeId(), term, saved, disk.termAt(saved), disk.votersAt(saved), directory);
  }

  void hear(Answer answer) {
    Progress other = others.get(answer.from());
    if (answer.term() != term || other == null) {
      return;
    }
    other.heardNanos = site.nowNanos();
    if (answer.logIndex() < 0) {
      return;
    }
    other.isWaiting = false;
    if (answer.matches()) {
      other.matchedLogIndex = Math.max(other.matchedLogIndex, answer.logIndex());
      other.nextLogIndex = Math.max(other.nextLogIndex, other.matchedLogIndex + 1);
      countAgreed();
      if (other.nodeId.equals(successor)) {
        orderTakeOver(successor);
      }
    } else {
      other.nextLogIndex = Math.clamp(answer.logIndex(), 1, Math.max(1, other.nextLogIndex - 1));
    }
    replicate(other);
  }

  void countAgreed() {
    if (over || disk.term() != term) {
      return;
    }
    boolean early = site.plant() == Plant.ACKNOWLEDGED_BEFORE_A_MAJORITY && started;
    long agreed = early ? disk.syncedLogIndex() : agreedLogIndex();
    if (agreed > journal.commitLogIndex() && agreed >= firstLogIndex) {
      if (site.plant() != Plant.ACKNOWLEDGED_BEFORE_A_MAJORITY) {
        group.agreed(disk, agreed);
      }
      if (agreed > disk.syncedLogIndex()) {
        group.hit("agreed on before the leader's own sync");
      }
      journal.agreed(agreed);
    }
    change.look();
    startIfReady();
  }

  private long agreedLogIndex() {
    ModelVoters voters = disk.voters();
    return Math.min(agreedLogIndex(voters.before()), agreedLogIndex(voters.after()));
  }

  private long agreedLogIndex(Members voters) {
    List<Long> all = new ArrayList<>();
    for (String id : voters.voters()) {
      Progress other = others.get(id);
      long synced = id.equals(log.nodeId()) ? disk.syncedLogIndex() : 0;
      all.add(other == null ? synced : other.matchedLogIndex);
    }
    Collections.sort(all);
    return all.get((all.size() - 1) / 2);
  }

  /** Every entry of earlier terms is applied once the one is that began this term. */
  void startIfReady() {
    boolean early =
        site.plant() == Plant.LEADS_BEFORE_IT_HAS_APPLIED
            && journal.commitLogIndex() >= firstLogIndex;
    if (!over && !started && (early || journal.appliedLogIndex() >= firstLogIndex)) {
      started = true;
      group.tell(log.nodeId(), "leads in term " + term);
      site.leads().run();
      reader.leaderStarted(term);
      change.look();
    }
  }

  void transfer(String nodeId) {
    if (isTold() && others.containsKey(nodeId) && disk.voters().all().contains(nodeId)) {
      group.hit("transfer");
      group.tell(log.nodeId(), "transfers to " + nodeId);
      transferring = true;
      reader.leaderStopped(term);
      orderTakeOver(nodeId);
      log.after(TRANSFER_LIMIT, this::leadOn);
    }
  }

  /** The other one is told once it has everything. */
  private void orderTakeOver(String nodeId) {
    Progress other = others.get(nodeId);
    if (other != null && other.matchedLogIndex == disk.lastLogIndex()) {
      log.send(nodeId, new TakeOver(log.nodeId(), term));
      successor = "";
    } else {
      successor = nodeId;
    }
  }

  /** Nobody has taken over. */
  private void leadOn() {
    if (!over) {
      group.hit("transfer failed");
      transferring = false;
      successor = "";
      reader.leaderStarted(term);
    }
  }

  /** The other one that is furthest, empty where there is none. */
  String furthest() {
    String furthest = "";
    long logIndex = -1;
    for (Progress other : others.values()) {
      if (other.matchedLogIndex > logIndex) {
        furthest = other.nodeId;
        logIndex = other.matchedLogIndex;
      }
    }
    return furthest;
  }

  /** Nothing of it goes on; the reader is told by whoever ends it, if {@link #isTold}. */
  void end() {
    over = true;
    change.end();
  }

  boolean isOver() {
    return over;
  }
}
