package dev.kindstead.server;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.ClusterOddities;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.Survey;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The cluster as this node sees it, among the metrics. What is about other nodes is as old as the
 * last survey. Thread-safe.
 */
record ClusterMetrics(Supplier<NodeDescription> self, Survey survey) {

  /**
   * @param groups names of this node's replica groups
   */
  void register(MeterRegistry metrics, List<String> groups) {
    Gauge.builder("kindstead.serving", () -> self.get().serves() ? 1 : 0)
        .description("Whether API calls are served here, not only forwarded")
        .register(metrics);
    Gauge.builder("kindstead.nodes.reachable", () -> survey.latest().reachable().size())
        .description("Nodes that have answered this one lately, itself among them")
        .register(metrics);
    Gauge.builder("kindstead.nodes.known", () -> survey.latest().nodes().size())
        .description("Nodes that hold replicas, itself among them")
        .register(metrics);
    Gauge.builder("kindstead.clock.ahead.seconds", this::clockAhead)
        .description("How far this node's wall clock is ahead of the one in the middle of all")
        .register(metrics);
    for (String group : groups) {
      gauge(
          "kindstead.replica.leads",
          "Whether this node's replica leads its group",
          group,
          status -> status.role() == Role.LEADS ? 1 : 0,
          metrics);
      gauge(
          "kindstead.replica.applied.log.index",
          "The last log entry in this node's replica",
          group,
          ReplicaStatus::appliedLogIndex,
          metrics);
      Gauge.builder("kindstead.replica.lag.entries", () -> lag(group))
          .description("Entries of the leader's log that this node's replica has not applied")
          .tag("group", group)
          .register(metrics);
    }
  }

  private void gauge(
      String name,
      String description,
      String group,
      ToDoubleFunction<ReplicaStatus> value,
      MeterRegistry metrics) {
    Gauge.builder(
            name, () -> self.get().replica(group).map(value::applyAsDouble).orElse(Double.NaN))
        .description(description)
        .tag("group", group)
        .register(metrics);
  }

  private double clockAhead() {
    ClusterDescription cluster = survey.latest();
    Duration ahead = new ClusterOddities(cluster).clocksAhead().get(cluster.askedNodeId());
    return ahead == null ? Double.NaN : ahead.toMillis() / 1e3;
  }

  private double lag(String group) {
    ClusterDescription cluster = survey.latest();
    return cluster.reachable().stream()
        .filter(node -> node.nodeId().equals(cluster.askedNodeId()))
        .filter(node -> cluster.holds(node, group))
        .flatMap(node -> node.replica(group).stream())
        .flatMapToLong(status -> cluster.lagEntries(group, status).stream())
        .asDoubleStream()
        .findFirst()
        .orElse(Double.NaN);
  }
}
