package dev.kindstead.directory;

import dev.kindstead.directory.ClusterDescription.Report;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.replication.NodePlace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Asks all nodes to describe themselves, and answers when they ask. Nodes without replicas count
 * while they answer. Thread-safe; nothing here blocks.
 */
public final class Survey implements Network.Handler {
  /** How a request begins, see {@link MembershipMessages}. */
  public static final String MESSAGE = "describe";

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
  private static final byte[] REQUEST = Messages.encode(Map.of(Messages.MESSAGE, MESSAGE));

  private final Network network;
  private final Supplier<NodeDescription> self;
  private final Supplier<Map<String, String>> addresses;
  private final Clock clock;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /** When each node that does not answer did not for the first time, by the monotonic clock. */
  private final Map<String, Long> missed = new ConcurrentHashMap<>();

  private volatile ClusterDescription latest;

  /** What a node has last said. */
  private record Seen(NodeDescription description, Instant at) {}

  /**
   * @param self describes this node; must not block
   * @param addresses where other nodes are, by id, as far as that is known
   */
  public Survey(
      Network network,
      Supplier<NodeDescription> self,
      Supplier<Map<String, String>> addresses,
      Clock clock) {
    this.network = network;
    this.self = self;
    this.addresses = addresses;
    this.clock = clock;
    latest = new ClusterDescription("", now(), List.of());
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.wallMicros() / 1000);
  }

  /** What the last {@link #ask} came to; no nodes before the first one has ended. */
  public ClusterDescription latest() {
    return latest;
  }

  /** Where the nodes stand that have ever answered, by their ids. */
  public Map<String, NodePlace> places() {
    return latest.nodes().stream()
        .filter(report -> report.isReachable() || report.lastSeen().isPresent())
        .map(Report::description)
        .collect(Collectors.toMap(NodeDescription::nodeId, NodeDescription::place));
  }

  /**
   * For how long nodes that do not answer have not, by their ids: since the first survey that
   * missed them.
   */
  public Map<String, Duration> silent() {
    long now = clock.monotonicNanos();
    Map<String, Duration> silent = new HashMap<>();
    missed.forEach((node, since) -> silent.put(node, Duration.ofNanos(now - since)));
    return silent;
  }

  /** Never fails: who does not answer in time is reported as that. */
  public CompletableFuture<ClusterDescription> ask() {
    long begunNanos = clock.monotonicNanos();
    NodeDescription own = self.get();
    var members = new TreeSet<String>();
    own.replicas().forEach(replica -> members.addAll(replica.status().voters()));
    var others = new TreeSet<>(members);
    others.addAll(addresses.get().keySet());
    others.remove(own.nodeId());
    List<CompletableFuture<Report>> reports = new ArrayList<>();
    reports.add(CompletableFuture.completedFuture(new Report(own, "", Optional.empty())));
    others.forEach(each -> reports.add(ask(each, own.clusterId(), begunNanos)));
    return CompletableFuture.allOf(reports.toArray(CompletableFuture<?>[]::new))
        .thenApply(_ -> {
          latest =
              new ClusterDescription(
                      own.nodeId(), now(), reports.stream().map(CompletableFuture::join).toList())
                  .withoutStrangers();
          return latest;
        });
  }

  private CompletableFuture<Report> ask(String nodeId, String clusterId, long begunNanos) {
    long sentNanos = clock.monotonicNanos();
    return network
        .call(nodeId, Service.MEMBERSHIP, REQUEST, ANSWER_LIMIT)
        .thenApply(answer -> {
          var told = DescriptionJson.readNode(new String(answer, StandardCharsets.UTF_8));
          // It was written about half-way between question and answer.
          long writtenNanos = sentNanos + (clock.monotonicNanos() - sentNanos) / 2;
          NodeDescription description =
              told.condition()
                  .clock()
                  .map(at -> told.withClock(at.minusNanos(writtenNanos - begunNanos)))
                  .orElse(told);
          seen.put(nodeId, new Seen(description, now()));
          missed.remove(nodeId);
          return new Report(description, "", Optional.empty());
        })
        .exceptionally(failure -> unreachable(nodeId, clusterId, Messages.reason(failure)));
  }

  private Report unreachable(String nodeId, String clusterId, String failure) {
    missed.putIfAbsent(nodeId, clock.monotonicNanos());
    String address = addresses.get().getOrDefault(nodeId, "");
    Seen last = seen.get(nodeId);
    return last == null
        ? new Report(
            NodeDescription.ofUnseen(clusterId, nodeId, address), failure, Optional.empty())
        : new Report(last.description.asLastKnown(address), failure, Optional.of(last.at));
  }

  @Override
  public CompletableFuture<byte[]> handle(String fromNodeId, byte[] request) {
    return CompletableFuture.completedFuture(
        DescriptionJson.write(self.get()).getBytes(StandardCharsets.UTF_8));
  }
}
