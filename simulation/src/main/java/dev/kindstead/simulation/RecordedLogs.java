package dev.kindstead.simulation;

import dev.kindstead.replication.LogEvent;
import dev.kindstead.replication.LogLife;
import dev.kindstead.simulation.check.LogContract;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What happens at the seam of all replicas' logs, in all their lives, and whether the judge of
 * recorded logs allows it: what the model does and what is asked of the engine is the same.
 * Confined to the scheduler's thread.
 */
final class RecordedLogs {
  private record Life(String group, String nodeId, List<LogEvent> events) {}

  private final List<Life> lives = new ArrayList<>();

  /** The record of a life that begins. */
  Consumer<List<LogEvent>> begin(String group, String nodeId) {
    var life = new Life(group, nodeId, new ArrayList<>());
    lives.add(life);
    return life.events::addAll;
  }

  /** As they are now. */
  List<LogLife> lives() {
    var all = new ArrayList<LogLife>();
    for (Life life : lives) {
      all.add(new LogLife(life.group, life.nodeId, all.size(), true, life.events));
    }
    return all;
  }

  List<String> anomalies() {
    return LogContract.anomalies(lives());
  }
}
