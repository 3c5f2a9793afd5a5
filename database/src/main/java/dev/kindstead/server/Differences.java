package dev.kindstead.server;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.ClusterOddities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on the log, once, in what this node differs from the others though it should not: its clock
 * and the settings that belong to the cluster. Thread-safe.
 */
final class Differences {
  private static final Logger LOG = LoggerFactory.getLogger(Differences.class);

  private final String nodeId;
  private List<String> told = List.of();

  Differences(String nodeId) {
    this.nodeId = nodeId;
  }

  synchronized void look(ClusterDescription cluster) {
    List<String> found = of(cluster, nodeId);
    found.stream().filter(each -> !told.contains(each)).forEach(LOG::warn);
    told = found;
  }

  static List<String> of(ClusterDescription cluster, String nodeId) {
    var oddities = new ClusterOddities(cluster);
    List<String> found = new ArrayList<>();
    if (oddities.clocksApart().containsKey(nodeId)) {
      found.add("the wall clock of this node is not that of the others: have NTP keep it");
    }
    for (Map.Entry<String, SortedMap<String, List<String>>> each :
        oddities.differingSettings().entrySet()) {
      each.getValue().entrySet().stream()
          .filter(value -> !value.getValue().contains(nodeId))
          .map(value ->
              "%s is %s on %s, another value here: start all nodes with the same"
                  .formatted(each.getKey(), value.getKey(), String.join(", ", value.getValue())))
          .forEach(found::add);
    }
    return found;
  }
}
