package dev.kindstead.directory;

import dev.kindstead.directory.ClusterDescription.Progress;
import dev.kindstead.directory.ClusterDescription.Report;
import dev.kindstead.directory.NodeDescription.Disk;
import dev.kindstead.directory.NodeDescription.Move;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.replication.ReplicaStatus.Role;
import dev.kindstead.telemetry.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Descriptions as JSON: between nodes, at {@code /cluster} and from the commands. Fields:
 * docs/operations/cluster.md. What is not known is left out; what this program does not know is
 * passed over, so that nodes of different versions understand each other. Pure.
 */
public final class DescriptionJson {
  private DescriptionJson() {}

  /** A tree for {@link Json}. */
  public static Map<String, Object> tree(ClusterDescription cluster) {
    Map<String, Object> tree = new LinkedHashMap<>();
    ClusterDescription.Quorum quorum = cluster.quorum();
    tree.put("cluster_id", cluster.clusterId());
    tree.put("asked_node_id", cluster.askedNodeId());
    tree.put("time", cluster.time().toString());
    cluster.serving().ifPresent(node -> tree.put("serving_node_id", node.nodeId()));
    tree.put("voters", quorum.voters().stream().sorted().toList());
    tree.put("voters_reachable", quorum.reachable());
    tree.put("has_majority", quorum.isMajority());
    cluster.progress().ifPresent(progress -> tree.put("move", tree(progress)));
    List<Object> moves =
        cluster.shardMoves().stream().<Object>map(move -> tree(move, cluster)).toList();
    if (!moves.isEmpty()) {
      tree.put("shard_moves", moves);
    }
    tree.put("nodes", nodes(cluster));
    return tree;
  }

  private static Map<String, Object> tree(Progress progress, ClusterDescription cluster) {
    Move move = progress.move();
    Map<String, Object> percents = new LinkedHashMap<>();
    move.in().forEach(node -> percents.put(node, cluster.percentThere(node, move.group())));
    Map<String, Object> tree = tree(progress);
    tree.put("group", move.group());
    tree.put("percent_there", percents);
    return tree;
  }

  private static Map<String, Object> tree(Progress progress) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("in", progress.move().in());
    tree.put("out", progress.move().out());
    tree.put("since", progress.move().since().toString());
    tree.put("percent", progress.percent());
    tree.put("copied_bytes", progress.copiedBytes());
    tree.put("all_bytes", progress.allBytes());
    progress.left().ifPresent(left -> tree.put("seconds_left", left.toSeconds()));
    return tree;
  }

  /** The part about nodes. */
  public static List<Object> nodes(ClusterDescription cluster) {
    return cluster.nodes().stream().<Object>map(report -> tree(report, cluster)).toList();
  }

  /** The replica groups, each with its replicas. */
  public static List<Object> groups(ClusterDescription cluster) {
    return cluster.groups().stream().<Object>map(group -> group(group, cluster)).toList();
  }

  private static Map<String, Object> group(String group, ClusterDescription cluster) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("group", group);
    cluster.leader(group).ifPresent(node -> tree.put("leader_node_id", node.nodeId()));
    tree.put(
        "replicas",
        cluster.reachable().stream()
            .filter(node -> cluster.holds(node, group))
            .flatMap(node ->
                node.description(group).stream()
                    .map(replica -> {
                      Map<String, Object> each = new LinkedHashMap<>();
                      each.put("node_id", node.nodeId());
                      putReplica(each, replica, cluster);
                      return each;
                    }))
            .toList());
    return tree;
  }

  private static Map<String, Object> tree(Report report, ClusterDescription cluster) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("node_id", report.description().nodeId());
    tree.put("reachable", report.isReachable());
    if (!report.isReachable()) {
      tree.put("failure", report.failure());
      report.lastSeen().ifPresent(seen -> tree.put("last_seen", seen.toString()));
    }
    put(tree, report.description());
    if (report.isReachable()) {
      tree.put(
          "replicas",
          report.description().replicas().stream()
              .map(replica -> {
                Map<String, Object> each = new LinkedHashMap<>();
                each.put("group", replica.group());
                putReplica(each, replica, cluster);
                return each;
              })
              .toList());
    }
    return tree;
  }

  /** What a node answers when another one asks. */
  static String write(NodeDescription node) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("node_id", node.nodeId());
    put(tree, node);
    tree.put(
        "replicas",
        node.replicas().stream()
            .map(replica -> {
              Map<String, Object> each = new LinkedHashMap<>();
              each.put("group", replica.group());
              putReplica(each, replica);
              return each;
            })
            .toList());
    return Json.write(tree);
  }

  private static void put(Map<String, Object> tree, NodeDescription node) {
    putText(tree, "cluster_id", node.clusterId());
    if (node.number() > 0) {
      tree.put("number", node.number());
    }
    putText(tree, "api_address", node.apiAddress());
    putText(tree, "node_address", node.nodeAddress());
    putText(tree, "zone", node.place().zone());
    tree.put("weight", node.place().weight());
    putText(tree, "region", node.region());
    putText(tree, "version", node.version());
    if (node.boot() > 0) {
      tree.put("boot", node.boot());
    }
    node.started().ifPresent(at -> tree.put("started", at.toString()));
    tree.put("serves", node.serves());
    node.disk()
        .ifPresent(disk -> {
          tree.put("disk_used_bytes", disk.usedBytes());
          tree.put("disk_free_bytes", disk.freeBytes());
        });
    node.move()
        .ifPresent(move -> {
          tree.put("move_group", move.group());
          tree.put("move_in", move.in());
          tree.put("move_out", move.out());
          tree.put("move_since", move.since().toString());
        });
    if (!node.removed().isEmpty()) {
      tree.put("removed", node.removed());
    }
    put(tree, node.condition());
  }

  private static void put(Map<String, Object> tree, NodeCondition condition) {
    if (condition.draining()) {
      tree.put("draining", true);
    }
    condition.clock().ifPresent(at -> tree.put("clock", at.toString()));
    condition.readableUntil().ifPresent(at -> tree.put("readable_until", at.toString()));
    if (!condition.settings().isEmpty()) {
      tree.put("settings", new TreeMap<>(condition.settings()));
    }
  }

  private static void putText(Map<String, Object> tree, String name, String text) {
    if (!text.isEmpty()) {
      tree.put(name, text);
    }
  }

  private static void putReplica(
      Map<String, Object> tree, ReplicaDescription replica, ClusterDescription cluster) {
    putReplica(tree, replica);
    cluster
        .lagEntries(replica.group(), replica.status())
        .ifPresent(lag -> tree.put("lag_entries", lag));
  }

  private static void putReplica(Map<String, Object> tree, ReplicaDescription replica) {
    ReplicaStatus status = replica.status();
    tree.put("role", status.role().name().toLowerCase(Locale.ROOT));
    putText(tree, "leader_node_id", status.leader());
    tree.put("term", status.term());
    tree.put("applied_log_index", status.appliedLogIndex());
    tree.put("committed_log_index", status.committedLogIndex());
    tree.put("last_log_index", status.lastLogIndex());
    tree.put("voters", status.voters());
    if (replica.diskBytes() > 0) {
      tree.put("disk_bytes", replica.diskBytes());
    }
  }

  /**
   * Reads what {@link #tree(ClusterDescription)} has made.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ClusterDescription readCluster(String json) {
    Fields fields = new Fields(Json.read(json));
    return new ClusterDescription(
        fields.text("asked_node_id"),
        fields.instant("time").orElse(Instant.EPOCH),
        fields.objects("nodes").map(DescriptionJson::report).toList());
  }

  private static Report report(Fields fields) {
    String failure = fields.isTrue("reachable") ? "" : fields.text("failure");
    return new Report(node(fields), failure, fields.instant("last_seen"));
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws IllegalArgumentException if it is none
   */
  static NodeDescription readNode(String json) {
    return node(new Fields(Json.read(json)));
  }

  private static NodeDescription node(Fields fields) {
    return new NodeDescription(
        fields.text("cluster_id"),
        fields.text("node_id"),
        (int) fields.number("number"),
        fields.text("api_address"),
        fields.text("node_address"),
        placeOf(fields),
        fields.text("region"),
        fields.text("version"),
        fields.number("boot"),
        fields.instant("started"),
        fields.isTrue("serves"),
        fields.has("disk_free_bytes")
            ? Optional.of(
                new Disk(fields.number("disk_used_bytes"), fields.number("disk_free_bytes")))
            : Optional.empty(),
        fields.instant("move_since").map(since -> moveOf(fields, since)),
        fields.texts("removed"),
        fields.objects("replicas").map(DescriptionJson::replica).toList(),
        new NodeCondition(
            fields.isTrue("draining"),
            fields.instant("clock"),
            fields.instant("readable_until"),
            fields.textsByName("settings")));
  }

  /** A node of an earlier version tells no weight. */
  private static NodePlace placeOf(Fields fields) {
    long weight = fields.has("weight") ? fields.number("weight") : 1;
    return new NodePlace(fields.text("zone"), Math.clamp(weight, 1, NodePlace.WEIGHT_MAX));
  }

  private static ReplicaDescription replica(Fields fields) {
    return new ReplicaDescription(
        fields.text("group"),
        new ReplicaStatus(
            role(fields.text("role")),
            fields.text("leader_node_id"),
            fields.number("term"),
            fields.number("applied_log_index"),
            fields.number("committed_log_index"),
            fields.number("last_log_index"),
            fields.texts("voters")),
        fields.number("disk_bytes"));
  }

  /** A role of a later version is none that this one knows. */
  private static Role role(String name) {
    for (Role role : Role.values()) {
      if (role.name().equalsIgnoreCase(name)) {
        return role;
      }
    }
    return Role.LEADERLESS;
  }

  /** A node of an earlier version moves votes of the system group only, and names no group. */
  private static Move moveOf(Fields fields, Instant since) {
    String group = fields.text("move_group");
    return new Move(
        group.isEmpty() ? NodeDescription.SYSTEM_GROUP : group,
        fields.texts("move_in"),
        fields.texts("move_out"),
        since);
  }
}
