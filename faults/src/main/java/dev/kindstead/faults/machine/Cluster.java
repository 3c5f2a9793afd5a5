package dev.kindstead.faults.machine;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.DescriptionJson;
import dev.kindstead.directory.NodeDescription;
import dev.kindstead.replication.ReplicaStatus.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes or more on this machine, with as much of their own, a network, a disk, a libc, as the
 * machine allows. Faults use it from one thread.
 */
public final class Cluster implements AutoCloseable {
  private static final int VOTERS = 3;

  /** Long enough for restarts, so that nodes are replaced that stay away only. */
  private static final String REPLACE_AFTER = "25s";

  /** Until a node that was started, or had trouble, is ready: others use the machine too. */
  public static final Duration READY_MAX = Duration.ofMinutes(2);

  private static final Duration PAGE_MAX = Duration.ofSeconds(2);
  private static final Duration CHANGE_MAX = Duration.ofSeconds(20);
  private static final Duration DUMP = Duration.ofSeconds(1);
  private static final int OK = 200;

  /** SIGKILL's exit code. */
  private static final int KILLED = 137;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PAGE_MAX).build();
  private final Network network;
  private final List<Disk> disks = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final LogRecords logRecords;
  private final Thread atExit = new Thread(this::release);
  private boolean isReleased;

  /**
   * Starts nothing.
   *
   * @param directory for data and logs, empty
   * @param root of the repository
   */
  public Cluster(Machine machine, Path directory, Path root) {
    this(machine, directory, root, Layout.USUAL);
  }

  /**
   * What it is made of.
   *
   * @param nodes of which three have votes; shards have three replicas each
   * @param tls whether nodes know each other by certificates
   */
  public record Layout(int nodes, boolean tls) {
    public static final Layout USUAL = new Layout(VOTERS, false);

    /** Why no node can take another one's place; empty when one can. */
    public Optional<String> noSpare() {
      return nodes > VOTERS ? Optional.empty() : Optional.of("needs --nodes 5");
    }
  }

  /** As the other one. */
  public Cluster(Machine machine, Path directory, Path root, Layout layout) {
    Path own = Machine.realDirectory(directory);
    logRecords = new LogRecords(own.resolve("log-records"));
    // An interrupted run leaves no namespace and no mount behind.
    Runtime.getRuntime().addShutdownHook(atExit);
    network =
        machine.noNamespaces().isEmpty() ? new Namespaces(layout.nodes) : new Proxies(layout.nodes);
    try {
      String options = logRecords.option();
      Path library = machine.noShim().isEmpty() ? Shim.compile(own) : null;
      for (int number = 0; number < layout.nodes; number++) {
        String name = "node-" + number;
        Disk disk =
            machine.noLoopDisks().isEmpty()
                ? new LoopDisk(own, name)
                : new Disk.Plain(own.resolve(name));
        disks.add(disk);
        Shim shim =
            library == null ? null : new Shim(library, own.resolve(name + ".shim"), disk.data());
        ControlGroup memory =
            machine.noController("memory").isEmpty()
                ? new ControlGroup("memory", ProcessHandle.current().pid() + "-" + name)
                : null;
        List<String> more = new ArrayList<>();
        if (layout.tls) {
          more.addAll(Certificates.flags(root, own.resolve("certificates"), name));
        }
        if (layout.noSpare().isEmpty()) {
          more.addAll(List.of("--replace-after", REPLACE_AFTER));
        }
        nodes.add(
            node(number, disk, shim, memory, root, more, options, own.resolve(name + ".log")));
      }
    } catch (RuntimeException failed) {
      close();
      throw failed;
    }
  }

  private Node node(
      int number,
      Disk disk,
      @Nullable Shim shim,
      @Nullable ControlGroup memory,
      Path root,
      List<String> more,
      String moreJavaOptions,
      Path log) {
    List<String> command =
        new ArrayList<>(
            List.of(
                root.resolve("kindstead").toString(),
                "start",
                "--listen",
                network.host(number) + ":" + network.port(number),
                "--join",
                IntStream.range(0, VOTERS)
                    .mapToObj(this::nodeAddress)
                    .collect(Collectors.joining(",")),
                "--data-dir",
                disk.data().toString(),
                "--block-cache",
                "32MiB",
                "--disk-headroom",
                "64MiB",
                // Often, so that logs are cut and restarts and stragglers meet checkpoints.
                "--checkpoint-interval",
                "20s"));
    command.addAll(network.flags(number));
    command.addAll(more);
    return new Node(number, network, disk, shim, memory, command, moreJavaOptions, log);
  }

  private String nodeAddress(int number) {
    return network.host(number) + ":" + network.nodePort(number);
  }

  /** All nodes answer. Those without a vote need a cluster that takes them in. */
  public void start() {
    nodes.subList(0, VOTERS).forEach(Node::launch);
    boolean founded =
        Pause.until(READY_MAX, () -> nodes.subList(0, VOTERS).stream().allMatch(this::isReady));
    if (founded) {
      nodes.subList(VOTERS, nodes.size()).forEach(Node::launch);
    }
    awaitReady();
  }

  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  public Node node(int number) {
    return nodes.get(number);
  }

  public Network network() {
    return network;
  }

  /** Only where the machine allows namespaces. */
  public Namespaces namespaces() {
    if (network instanceof Namespaces own) {
      return own;
    }
    throw new IllegalStateException("all nodes are at localhost");
  }

  /** The number of the node that serves; any one when nobody says that it does. */
  public int serving() {
    return describe().flatMap(ClusterDescription::serving).flatMap(this::number).orElse(0);
  }

  private Optional<Integer> number(NodeDescription description) {
    return nodes.stream()
        .filter(node -> node.hostAndPort().equals(description.apiAddress()))
        .map(Node::number)
        .findFirst();
  }

  /** What the first node that answers knows of all. */
  public Optional<ClusterDescription> describe() {
    return nodes.stream()
        .flatMap(node -> page(node, "/cluster").stream())
        .findFirst()
        .map(DescriptionJson::readCluster);
  }

  /**
   * Waits until all nodes run and are ready; throws with what is wrong when they are not in time.
   */
  public void awaitReady() {
    if (!isReadyWithin(READY_MAX)) {
      throw new IllegalStateException(
          "not ready %d s after all was mended: %s"
              .formatted(READY_MAX.toSeconds(), String.join("; ", notReady())));
    }
  }

  public boolean isReadyWithin(Duration max) {
    return Pause.until(max, () -> notReady().isEmpty());
  }

  private List<String> notReady() {
    return nodes.stream()
        .filter(node -> !node.isRunning() || page(node, "/readyz").isEmpty())
        .map(node ->
            "node %d %s".formatted(node.number(), node.isRunning() ? "is not ready" : "has ended"))
        .toList();
  }

  /**
   * Starts again what a fault has stopped inside a node, as its operator does.
   *
   * @return the exit code when the node had ended by itself
   */
  public OptionalInt restartIfStopped(Node node) {
    OptionalInt exitCode = OptionalInt.empty();
    if (!node.isRunning()) {
      exitCode = OptionalInt.of(node.awaitEnd());
    } else if (replicaStopped(node).orElse(true)) {
      // A node that says nothing of itself is no better off.
      int ended = node.kill();
      exitCode = ended == KILLED ? OptionalInt.empty() : OptionalInt.of(ended);
    }
    if (!node.isRunning()) {
      node.launch();
    }
    return exitCode;
  }

  /** Whether a node says that one of its replicas has failed. */
  public boolean tellsOfStoppedReplica(Node node) {
    return replicaStopped(node).orElse(false);
  }

  /** Starts a node with an empty data directory: as a new one. */
  public void renew(Node node) {
    if (node.isRunning()) {
      node.kill();
    }
    try (Stream<Path> files = Files.walk(node.data())) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    node.launch();
  }

  public Members members() {
    return new Members(this);
  }

  public boolean isReady(Node node) {
    return page(node, "/readyz").isPresent();
  }

  /** What an operator asks of the first node that answers; empty when it was done, else why not. */
  String post(String path, String body) {
    String answer = "no node answers";
    for (Node node : nodes) {
      var request =
          HttpRequest.newBuilder(node.uri().resolve(path))
              .timeout(CHANGE_MAX)
              .POST(BodyPublishers.ofString(body))
              .build();
      try {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() == OK) {
          return "";
        }
        answer = response.body();
      } catch (IOException noAnswer) {
        // The next one, then.
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return answer;
  }

  /** Empty when it does not answer. */
  private Optional<Boolean> replicaStopped(Node node) {
    return page(node, "/cluster")
        .map(DescriptionJson::readCluster)
        .map(cluster ->
            cluster.nodes().stream()
                .filter(each -> each.description().nodeId().equals(cluster.askedNodeId()))
                .flatMap(each -> each.description().replicas().stream())
                .anyMatch(replica -> replica.status().role() == Role.STOPPED));
  }

  /** A page of a node, if it answers with 200. */
  private Optional<String> page(Node node, String path) {
    URI uri = node.uri().resolve(path);
    try {
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(uri).timeout(PAGE_MAX).build(), BodyHandlers.ofString());
      return answer.statusCode() == OK ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException noAnswer) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a node tells to those who watch it; empty when it does not answer. */
  public String metrics(Node node) {
    return page(node, "/metrics").orElse("");
  }

  /** What the nodes did that no fault explains. */
  public List<String> complaints() {
    return Stream.concat(
            nodes.stream().flatMap(node -> node.unexpectedEnd().stream()),
            nodes.stream()
                .flatMap(node ->
                    node.log()
                        .lines()
                        .filter(line -> line.contains("broken invariant"))
                        .map(line -> "node %d: %s".formatted(node.number(), line))))
        .toList();
  }

  /** Of all nodes. */
  public LogRecords logRecords() {
    return logRecords;
  }

  /** Has each node print on its log what its threads are doing. */
  public void dumpThreads() {
    nodes.stream().filter(Node::isRunning).forEach(node -> node.signal("QUIT"));
    Pause.of(DUMP);
  }

  @Override
  public void close() {
    release();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private synchronized void release() {
    if (isReleased) {
      return;
    }
    isReleased = true;
    nodes.forEach(Node::close);
    disks.forEach(Disk::close);
    network.close();
    http.shutdownNow();
  }
}
