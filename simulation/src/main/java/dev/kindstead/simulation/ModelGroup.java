package dev.kindstead.simulation;

import dev.kindstead.replication.Members;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The truth about a replica group, which no replica knows: what every disk holds, what was agreed
 * on, and who votes for whom. It outlives all processes.
 *
 * <p>Confined to the scheduler's thread.
 *
 * <p><b>Invariants.</b> A term has one leader. What was agreed on never changes. Held to by {@link
 * #agreed}, so that a mistake of the model does not pass for one of the product.
 */
public final class ModelGroup {
  private static final Duration DEAF_MAX = Duration.ofMillis(400);

  /** Of so many last ones that a leader found agreed on, it must have those that were. */
  private static final int COMPARED = 9;

  /** Entries, for a life of an hour has many. */
  private static final int REMEMBERED_MAX = 1_000;

  private final String name;
  private final ModelVoters founders;
  private ModelVoters voters;
  private final Consumer<String> probe;
  private final Consumer<String> chronicle;
  private final SortedMap<String, ModelDisk> disks = new TreeMap<>();
  private final SortedMap<String, ModelLog> running = new TreeMap<>();

  /** The last entries that were agreed on, and how many there were before them. */
  private final List<ModelEntry> agreed = new ArrayList<>();

  private long forgotten;

  /** Until when, by the scheduler, a deposed leader hears nothing of its group. */
  private final Map<String, Long> deafUntil = new HashMap<>();

  private long term;

  /**
   * @param founders ids of the nodes that have a replica each at first
   * @param probe told what happened that is worth testing
   * @param chronicle told who leads when
   */
  public ModelGroup(
      String name, List<String> founders, Consumer<String> probe, Consumer<String> chronicle) {
    this.name = name;
    this.founders = ModelVoters.of(Members.of(founders));
    voters = this.founders;
    this.probe = probe;
    this.chronicle = chronicle;
  }

  String name() {
    return name;
  }

  /** Of a node that is no founder, an empty one at first. */
  ModelDisk disk(String nodeId) {
    boolean isFounder = founders.after().voters().contains(nodeId);
    return disks.computeIfAbsent(
        nodeId, _ -> new ModelDisk(isFounder ? founders : ModelVoters.NOBODY));
  }

  /** A node that has stopped begins anew with an empty disk, as if it had never voted. */
  public void loseDisk(String nodeId) {
    disks.remove(nodeId);
  }

  /** Who votes by what was agreed on. */
  ModelVoters voters() {
    return voters;
  }

  void started(ModelLog log) {
    running.put(log.nodeId(), log);
  }

  /** The replica's log in the process that runs on its node, if any does. */
  @Nullable ModelLog running(String nodeId) {
    return running.get(nodeId);
  }

  void stopped(ModelLog log) {
    running.remove(log.nodeId(), log);
  }

  void tell(String nodeId, String what) {
    chronicle.accept("%s, %s: %s".formatted(name, nodeId, what));
  }

  void hit(String what) {
    probe.accept(what);
  }

  /** A leader has found its log agreed on up to here. */
  void agreed(ModelDisk by, long upTo) {
    long last = Math.min(agreedLogIndex(), upTo);
    long before = Math.max(Math.max(by.cutLogIndex(), forgotten), last - COMPARED);
    for (long logIndex = last; logIndex > before; logIndex--) {
      if (!agreed.get((int) (logIndex - forgotten) - 1).equals(by.at(logIndex))) {
        throw new IllegalStateException(
            "the model of " + name + " agreed on two entries " + logIndex);
      }
    }
    while (agreedLogIndex() < upTo) {
      ModelEntry next = by.at(agreedLogIndex() + 1);
      agreed.add(next);
      voters = next.voters() == null ? voters : next.voters();
    }
    if (agreed.size() > REMEMBERED_MAX) {
      List<ModelEntry> oldest = agreed.subList(0, agreed.size() - COMPARED);
      forgotten += oldest.size();
      oldest.clear();
    }
  }

  /** Whether a replica hears nothing of the others at a time. */
  boolean isDeaf(String nodeId, long nowNanos) {
    return nowNanos < deafUntil.getOrDefault(nodeId, 0L);
  }

  /** The last log index that was ever agreed on. */
  long agreedLogIndex() {
    return forgotten + agreed.size();
  }

  /**
   * Votes, at once: whoever answers votes for a candidate that lacks nothing it has itself.
   *
   * @param disruptive whether they do so although they hear of a leader
   * @return the term the candidate leads in, or zero
   */
  long elect(ModelLog candidate, boolean disruptive) {
    ModelVoters electorate = candidate.disk().voters();
    Set<String> electing = electorate.all();
    if (!electing.contains(candidate.nodeId())) {
      return 0;
    }
    List<ModelLog> granting =
        running.values().stream()
            .filter(voter -> electing.contains(voter.nodeId()))
            .filter(voter -> voter.answers(candidate))
            .filter(voter -> !candidate.disk().isBehind(voter.disk()))
            .filter(voter -> disruptive || voter == candidate || !voter.hearsLeader())
            .toList();
    List<ModelLog> unaware = granting.stream().filter(voter -> !voter.believesToLead()).toList();
    if (disruptive && isMajority(electorate, unaware) && unaware.contains(candidate)) {
      for (ModelLog voter : granting) {
        if (voter.believesToLead()) {
          deafUntil.put(voter.nodeId(), candidate.site().someTimeFromNow(DEAF_MAX));
        }
      }
      granting = unaware;
    }
    if (!isMajority(electorate, granting)) {
      return 0;
    }
    if (electorate.isJoint()) {
      hit("election in the middle of a change of members");
    }
    term++;
    granting.forEach(voter -> voter.vote(term));
    hit("election");
    tell(
        candidate.nodeId(),
        "elected in term %d by %s"
            .formatted(term, granting.stream().map(ModelLog::nodeId).toList()));
    if (running.values().stream().anyMatch(log -> log != candidate && log.believesToLead())) {
      hit("election while another leads");
    }
    return term;
  }

  private static boolean isMajority(ModelVoters electorate, List<ModelLog> granting) {
    return electorate.isMajority(granting.stream().map(ModelLog::nodeId).toList());
  }
}
