package dev.kindstead.simulation.check;

import dev.kindstead.replication.LogLife;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was recorded of replicated logs is a behaviour that their contract allows ({@link
 * dev.kindstead.replication.ReplicatedLog}, {@link dev.kindstead.replication.LogReader}), whichever
 * engine it was:
 *
 * <ul>
 *   <li>every replica, in every life, has the same bytes and term at a log index, and terms never
 *       fall ({@link GroupLog});
 *   <li>each life is one that a replica may have ({@link LifeWalk});
 *   <li>a term has one leader, in one of its lives, and no life leads in a term before those of an
 *       earlier one;
 *   <li>an entry was proposed by the leader of its term, who never heard NOT_APPLIED of it.
 * </ul>
 *
 * <p>Nothing that was APPLIED can go missing: whoever applied it knows its log index and term, and
 * neither a replica that passes it nor a leader of a later term may lack it.
 *
 * <p>A life's record may end early, anywhere: what is missing may have been anything, so no part of
 * records that the contract allows is refused.
 */
public final class LogContract {
  /** Of one group: a fault that shows in every entry is told often enough then. */
  private static final int TOLD_MAX = 10;

  private final String group;
  private final GroupLog log = new GroupLog();
  private final Map<Long, LifeWalk> leaders = new HashMap<>();

  /** The last term that each node has led in, in any life. */
  private final Map<String, Long> lastTerms = new HashMap<>();

  private final List<String> anomalies = new ArrayList<>();

  private LogContract(String group) {
    this.group = group;
  }

  /** Of groups of any names; each life once. */
  public static List<String> anomalies(Collection<LogLife> lives) {
    var groups = new TreeMap<String, List<LogLife>>();
    lives.forEach(life -> groups.computeIfAbsent(life.group(), _ -> new ArrayList<>()).add(life));
    var all = new ArrayList<String>();
    groups.forEach((group, its) -> {
      List<String> anomalies = new LogContract(group).judge(its);
      all.addAll(anomalies.subList(0, Math.min(TOLD_MAX, anomalies.size())));
      if (anomalies.size() > TOLD_MAX) {
        all.add("log of %s: %d anomalies more".formatted(group, anomalies.size() - TOLD_MAX));
      }
    });
    return all;
  }

  private List<String> judge(List<LogLife> lives) {
    lives.forEach(life -> log.learn(life, this::report));
    log.checkTerms(this::report);
    lives.stream()
        .sorted(Comparator.comparing(LogLife::nodeId).thenComparing(LogLife::number))
        .forEach(this::walk);
    log.forEach(this::checkProposed);
    return anomalies;
  }

  private void walk(LogLife life) {
    var walk = new LifeWalk(life, log, this::report);
    walk.run();
    for (long term : walk.termsLed()) {
      LifeWalk other = leaders.putIfAbsent(term, walk);
      if (other != null) {
        report("term %d is led by %s and by %s".formatted(term, other, walk));
      }
      Long last = lastTerms.merge(life.nodeId(), term, Math::max);
      if (last > term) {
        report("%s leads in term %d, though it has led in %d".formatted(walk, term, last));
      }
    }
  }

  private void checkProposed(GroupLog.Known entry) {
    LifeWalk leader = leaders.get(entry.term());
    if (leader == null || !leader.hasAllProposals(entry.term()) || leader.mayApply(entry.hash())) {
      return;
    }
    report(
        leader.hasProposed(entry.hash())
            ? "%s is applied, but %s was told NOT_APPLIED".formatted(entry, leader)
            : "%s is applied, but %s, who led, has not proposed it".formatted(entry, leader));
  }

  private void report(String anomaly) {
    anomalies.add("log of " + group + ": " + anomaly);
  }
}
