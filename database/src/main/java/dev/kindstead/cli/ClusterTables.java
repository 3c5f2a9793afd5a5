package dev.kindstead.cli;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.ClusterDescription.Progress;
import dev.kindstead.directory.ClusterDescription.Quorum;
import dev.kindstead.directory.ClusterDescription.Report;
import dev.kindstead.directory.ClusterOddities;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.directory.NodeDescription.Disk;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** A cluster's description as people read it: what is wrong comes first. Immutable. */
record ClusterTables(ClusterDescription cluster) {
  private static final String UNREACHABLE = "UNREACHABLE";

  /** Whether calls are served. */
  boolean isServed() {
    return cluster.serving().isPresent();
  }

  String status() {
    return summary() + troubles() + "\n" + statusTable() + failures();
  }

  private String summary() {
    int reachable = cluster.reachable().size();
    int all = cluster.nodes().size();
    String serving =
        cluster
            .serving()
            .map(node -> "%s serves (%s)".formatted(nameOf(node), shown(node.apiAddress())))
            .orElse("NOBODY SERVES");
    return "Cluster %s: %s, %d of %d nodes reachable.\n"
        .formatted(cluster.clusterId(), serving, reachable, all);
  }

  private String troubles() {
    List<String> lines = new ArrayList<>();
    Quorum quorum = cluster.quorum();
    if (!quorum.isMajority()) {
      lines.add(
          """
          NO MAJORITY: %d of %d voting nodes answer, %d are needed. Nothing can be written, nor read
          as of now. Reads with a read_time in the past are answered by the nodes that are there.
          Start the missing ones again, with the data directories they had.\
          """
              .formatted(quorum.reachable(), quorum.voters().size(), quorum.needed()));
      lines.addAll(readable());
    } else if (!isServed()) {
      lines.add(
          "A majority answers, but none of it serves yet. An election takes about a second: ask"
              + " again. If it lasts, look at the nodes' logs.");
    } else if (quorum.reachable() < quorum.voters().size()
        && quorum.reachable() == quorum.needed()) {
      lines.add("If one more voting node is lost, nothing can be written, nor read as of now.");
    } else if (!justEnough().isEmpty()) {
      lines.add(
          "If one more of their nodes is lost, these can't be written, nor read as of now: %s."
              .formatted(justEnough()));
    }
    if (isServed() && !leaderless().isEmpty()) {
      lines.add("Without a leader: %s.".formatted(leaderless()));
    }
    for (NodeDescription node : cluster.reachable()) {
      List<String> stopped =
          node.replicas().stream()
              .filter(replica -> replica.status().role() == Role.STOPPED)
              .map(ReplicaDescription::group)
              .toList();
      if (!stopped.isEmpty()) {
        lines.add(
            "Stopped replicas on %s: %s. Its log says why; restart it when that is mended."
                .formatted(nameOf(node), String.join(", ", stopped)));
      }
    }
    lines.addAll(oddities());
    cluster.progress().map(this::moving).ifPresent(lines::add);
    cluster.shardMoves().forEach(move -> lines.add(movingShard(move)));
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  /** What is left to read without a majority. */
  private List<String> readable() {
    return cluster.reachable().stream()
        .flatMap(node ->
            node.condition().readableUntil().stream()
                .map(until -> "Readable at %s: read_time up to %s.".formatted(nameOf(node), until)))
        .toList();
  }

  /** Groups without a leader, and why those have none that can't. */
  private String leaderless() {
    return cluster.groups().stream()
        .filter(group -> cluster.leader(group).isEmpty())
        .map(group -> {
          Quorum quorum = cluster.quorum(group);
          return quorum.isMajority()
              ? group
              : "%s (%d of %d replicas answer, %d are needed)"
                  .formatted(group, quorum.reachable(), quorum.voters().size(), quorum.needed());
        })
        .collect(Collectors.joining(", "));
  }

  /** Shards that have lost replicas, and have as many left as they need. */
  private String justEnough() {
    return cluster.groups().stream()
        .filter(group -> !group.equals(NodeDescription.SYSTEM_GROUP))
        .filter(group -> cluster.leader(group).isPresent())
        .filter(group -> {
          Quorum quorum = cluster.quorum(group);
          return quorum.reachable() < quorum.voters().size()
              && quorum.reachable() == quorum.needed();
        })
        .map(group -> {
          Quorum quorum = cluster.quorum(group);
          return "%s (%d of %d replicas answer)"
              .formatted(group, quorum.reachable(), quorum.voters().size());
        })
        .collect(Collectors.joining(", "));
  }

  private List<String> oddities() {
    var oddities = new ClusterOddities(cluster);
    List<String> lines = new ArrayList<>();
    oddities
        .clocksApart()
        .forEach((node, ahead) ->
            lines.add(
                "The clock of %s is %d s %s most others': set it right, and have NTP keep it."
                    .formatted(
                        nameOf(node),
                        ahead.abs().toSeconds(),
                        ahead.isNegative() ? "behind" : "ahead of")));
    oddities
        .differingSettings()
        .forEach((name, values) ->
            lines.add(
                "Settings differ: %s is %s. Start all nodes with the same."
                    .formatted(
                        name,
                        values.entrySet().stream()
                            .map(value ->
                                "%s on %s"
                                    .formatted(
                                        value.getKey(),
                                        value.getValue().stream()
                                            .map(this::nameOf)
                                            .collect(Collectors.joining(" and "))))
                            .collect(Collectors.joining(", ")))));
    return lines;
  }

  private String moving(Progress progress) {
    return "Moving: %s %s%s: %d %%, %s."
        .formatted(
            progress.move().in().stream().map(this::nameOf).collect(Collectors.joining(" and ")),
            progress.move().in().size() == 1 ? "gets a vote" : "get votes",
            inThePlaceOf(progress.move().out()),
            progress.percent(),
            copied(progress));
  }

  private String movingShard(Progress progress) {
    NodeDescription.Move move = progress.move();
    String in =
        move.in().stream()
            .map(node ->
                "%s (%d %% of its log)"
                    .formatted(nameOf(node), cluster.percentThere(node, move.group())))
            .collect(Collectors.joining(" and "));
    return "Moving: replicas of %s %s%s, for %s%s."
        .formatted(
            move.group(),
            in.isEmpty() ? "" : "to " + in,
            inThePlaceOf(move.out()),
            since(move.since()),
            in.isEmpty() ? "" : ": " + copied(progress));
  }

  private String inThePlaceOf(List<String> out) {
    return out.isEmpty()
        ? ""
        : " in the place of " + out.stream().map(this::nameOf).collect(Collectors.joining(" and "));
  }

  private static String copied(Progress progress) {
    return "%s of %s copied%s"
        .formatted(
            bytes(progress.copiedBytes()),
            bytes(progress.allBytes()),
            progress
                .left()
                .map(left -> ", about %d s left".formatted(left.toSeconds()))
                .orElse(""));
  }

  private String nameOf(String nodeId) {
    return cluster.nodes().stream()
        .map(Report::description)
        .filter(node -> node.nodeId().equals(nodeId))
        .findFirst()
        .map(ClusterTables::nameOf)
        .orElse(nodeId);
  }

  private String statusTable() {
    var table = new Table("NODE", "STATE", "LAG", "API", "ID", "DISK USED", "DISK FREE", "VERSION");
    for (Report report : cluster.nodes()) {
      NodeDescription node = report.description();
      table.add(
          numberOf(node),
          state(report),
          report.isReachable() && holdsAny(node) ? lag(node) : "",
          node.apiAddress(),
          node.nodeId(),
          node.disk().map(Disk::usedBytes).map(ClusterTables::bytes).orElse(""),
          node.disk().map(Disk::freeBytes).map(ClusterTables::bytes).orElse(""),
          node.version());
    }
    return table.text();
  }

  private String failures() {
    String lines =
        cluster.nodes().stream()
            .filter(report -> !report.isReachable())
            .map(report ->
                "%s at %s: %s%s\n"
                    .formatted(
                        nameOf(report.description()),
                        shown(report.description().nodeAddress()),
                        report.failure(),
                        report
                            .lastSeen()
                            .map(seen -> "; last seen %s ago".formatted(since(seen)))
                            .orElse("")))
            .collect(Collectors.joining());
    return lines.isEmpty() ? "" : "\n" + lines;
  }

  String nodes() {
    var table =
        new Table(
            "NODE", "STATE", "ID", "API", "NODES", "ZONE", "WEIGHT", "REGION", "VERSION", "START",
            "RUNS");
    for (Report report : cluster.nodes()) {
      NodeDescription node = report.description();
      table.add(
          numberOf(node),
          state(report),
          node.nodeId(),
          node.apiAddress(),
          node.nodeAddress(),
          node.place().zone(),
          Integer.toString(node.place().weight()),
          node.region(),
          node.version(),
          node.boot() == 0 ? "" : Long.toString(node.boot()),
          report.isReachable() ? node.started().map(this::since).orElse("") : "");
    }
    return table.text() + failures();
  }

  String shards() {
    var table = new Table("GROUP", "LEADER", "TERM", "LAST ENTRY", "REPLICAS");
    for (String group : cluster.groups()) {
      var leader = cluster.leader(group);
      var leads = leader.flatMap(node -> node.replica(group));
      table.add(
          group,
          leader.map(ClusterTables::nameOf).orElse("NONE"),
          leads.map(ReplicaStatus::term).map(String::valueOf).orElse(""),
          leads.map(ReplicaStatus::lastLogIndex).map(String::valueOf).orElse(""),
          cluster.nodes().stream()
              .map(report -> replica(report, group))
              .filter(text -> !text.isEmpty())
              .collect(Collectors.joining(", ")));
    }
    return table.text();
  }

  private String replica(Report report, String group) {
    NodeDescription node = report.description();
    if (!report.isReachable()) {
      return cluster.leader(group).isEmpty() || cluster.holds(node, group)
          ? "%s %s".formatted(nameOf(node), UNREACHABLE)
          : "";
    }
    return node.replica(group)
        .filter(_ -> cluster.holds(node, group))
        .map(status -> {
          OptionalLong lag = cluster.lagEntries(group, status);
          String behind =
              status.role() == Role.FOLLOWS && lag.isPresent()
                  ? " lag " + lag.getAsLong()
                  : " " + word(status.role());
          return nameOf(node) + behind;
        })
        .orElse("");
  }

  private String state(Report report) {
    NodeDescription node = report.description();
    if (!report.isReachable()) {
      return UNREACHABLE + (cluster.isRemoved(node.nodeId()) ? ", leaving" : "");
    }
    return stateOf(report) + (node.condition().draining() ? ", draining" : "");
  }

  private String stateOf(Report report) {
    NodeDescription node = report.description();
    if (node.serves()) {
      return "serves";
    }
    if (!isMember(report)) {
      return stateWithoutVote(node);
    }
    if (cluster.isRemoved(node.nodeId())) {
      return "leaving";
    }
    return node.replica(NodeDescription.SYSTEM_GROUP)
        .map(ReplicaStatus::role)
        .map(ClusterTables::word)
        .orElse("");
  }

  private String stateWithoutVote(NodeDescription node) {
    boolean holds = holdsAny(node);
    return cluster.isRemoved(node.nodeId())
        ? (holds ? "leaving" : "removed")
        : (holds ? "replicas" : "spare");
  }

  private boolean holdsAny(NodeDescription node) {
    return cluster.groups().stream().anyMatch(group -> cluster.holds(node, group));
  }

  private boolean isMember(Report report) {
    Set<String> voters = cluster.quorum().voters();
    return report.isReachable()
        && (voters.isEmpty() || voters.contains(report.description().nodeId()));
  }

  private static String word(Role role) {
    return switch (role) {
      case LEADS -> "leads";
      case FOLLOWS -> "follows";
      case LEADERLESS -> "NO LEADER";
      case STOPPED -> "STOPPED";
    };
  }

  /** The most entries that any replica of the node is behind. */
  private String lag(NodeDescription node) {
    OptionalLong most =
        node.replicas().stream()
            .filter(replica -> cluster.holds(node, replica.group()))
            .flatMapToLong(
                replica -> cluster.lagEntries(replica.group(), replica.status()).stream())
            .max();
    return most.isPresent() ? Long.toString(most.getAsLong()) : "";
  }

  private static String numberOf(NodeDescription node) {
    return node.number() == 0 ? "" : Integer.toString(node.number());
  }

  private static String nameOf(NodeDescription node) {
    return node.number() == 0 ? node.nodeId() : "node " + node.number();
  }

  private static String shown(String text) {
    return text.isEmpty() ? "an address nobody knows" : text;
  }

  private String since(Instant past) {
    long seconds = Math.max(0, Duration.between(past, cluster.time()).toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3_600) {
      return seconds / 60 + " min";
    }
    return seconds < 48 * 3_600 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
  }

  private static String bytes(long bytes) {
    double amount = bytes;
    for (String unit : List.of("B", "KiB", "MiB", "GiB")) {
      if (amount < 1_024) {
        return "%.0f %s".formatted(amount, unit);
      }
      amount /= 1_024;
    }
    return String.format(Locale.ROOT, "%.1f TiB", amount);
  }
}
