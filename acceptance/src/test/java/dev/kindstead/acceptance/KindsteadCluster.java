package dev.kindstead.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.datastore.v1.ReadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cluster of three nodes on this machine, each a process of its own, numbered from zero. A node
 * keeps its ports and its directory through all its starts. Thread-safe.
 */
final class KindsteadCluster implements AutoCloseable {
  static final int NODES = 3;
  private static final Duration READY_MAX = Duration.ofSeconds(60);
  private static final Duration PAGE_MAX = Duration.ofSeconds(1);
  private static final int PORTS_FROM = 20_000;
  private static final int PORTS = 12_000;
  private static final int PAUSE_MILLIS_MAX = 1500;
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Pattern ID = Pattern.compile("(node-[0-9a-f]{12}) of cluster-");

  /** The system group and four shards. */
  private static final int GROUPS = 5;

  /** A replica that leads, in a node's description. */
  private static final Pattern LED =
      Pattern.compile(
          "\"group\": \"([^\"]+)\",\\s*\"role\": \"leads\"[^}]*?\"voters\": \\[([^\\]]*)\\]");

  private static final String LEADS = "\nkindstead_replica_leads{";
  private static final Pattern LEADS_ONE = Pattern.compile("(?m)^kindstead_replica_leads.* 1\\.0$");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  /** Three of them share this machine with the tests, and start often. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "KINDSTEAD_JAVA_OPTIONS",
          "-Xms64m -Xmx300m -XX:-UseG1GC -XX:+UseSerialGC -XX:TieredStopAtLevel=1");

  private final Path directory;
  private final List<String> flags;
  private final List<Node> nodes = new CopyOnWriteArrayList<>();
  private final String founders;

  /** The ports of a node, and its process: the last one, when that has ended. */
  private static final class Node {
    final int port = portToKeep();
    final int nodePort = portToKeep();
    final List<KindsteadProcess> processes = new ArrayList<>();
    boolean isPaused;
  }

  /**
   * A free port that no client's connection takes, nor one to itself, while the node is down: it is
   * below those that systems give out.
   */
  private static int portToKeep() {
    while (true) {
      int port = PORTS_FROM + new SecureRandom().nextInt(PORTS);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // Another one, then.
      }
    }
  }

  /** Starts nothing. The directory is deleted in the end; {@code flags} are for all nodes. */
  KindsteadCluster(String... flags) {
    try {
      this.directory = Files.createTempDirectory("kindstead-cluster");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.flags = List.of(flags);
    IntStream.range(0, NODES).forEach(_ -> nodes.add(new Node()));
    founders = String.join(",", nodes.stream().map(each -> "localhost:" + each.nodePort).toList());
  }

  /** All nodes serve, or forward to the one that does. */
  static KindsteadCluster started(String... flags) {
    var cluster = new KindsteadCluster(flags);
    try {
      cluster.startAll();
    } catch (RuntimeException failed) {
      cluster.close();
      throw failed;
    }
    return cluster;
  }

  void startAll() {
    IntStream.range(0, NODES).forEach(this::launch);
    IntStream.range(0, NODES).forEach(this::awaitReady);
  }

  /** Starts a node, and waits until calls to it are answered. */
  void start(int number) {
    launch(number);
    awaitReady(number);
  }

  /** Starts a node's process and waits for nothing. */
  KindsteadProcess launch(int number) {
    return launch(number, number < NODES ? founders : founders.split(",", 2)[0]);
  }

  /** The same for a node that knows only one other, which it asks to be taken in. */
  KindsteadProcess launchAt(int number, int asked) {
    return launch(number, "localhost:" + nodes.get(asked).nodePort);
  }

  /** The same for a node that has not heard of others: it is a cluster by itself. */
  KindsteadProcess launchAlone(int number) {
    return launch(number, "");
  }

  private KindsteadProcess launch(int number, String join) {
    Node node = nodes.get(number);
    List<String> all =
        new ArrayList<>(
            List.of(
                "start",
                "--listen",
                "localhost:" + node.port,
                "--node-listen",
                "localhost:" + node.nodePort,
                "--data-dir",
                data(number).toString()));
    if (!join.isEmpty()) {
      all.addAll(List.of("--join", join));
    }
    all.addAll(flags);
    synchronized (node) {
      if (!node.processes.isEmpty() && node.processes.getLast().isAlive()) {
        throw new IllegalStateException("node " + number + " runs");
      }
      var process =
          KindsteadProcess.launched(node.port, "cluster-node-" + number, ENVIRONMENT, all);
      node.processes.add(process);
      return process;
    }
  }

  /** Starts one more node, which asks the first one; returns its number. */
  int startSpare() {
    nodes.add(new Node());
    int number = nodes.size() - 1;
    start(number);
    return number;
  }

  /** The id that a node has given itself last. */
  String id(int number) {
    return ID.matcher(log(number))
        .results()
        .reduce((_, later) -> later)
        .orElseThrow(() -> new IllegalStateException("node " + number + " has not said who it is"))
        .group(1);
  }

  /** Waits until the leaders say that exactly these have a vote in all groups. */
  void awaitVoters(int asked, Integer... numbers) {
    List<String> ids = Stream.of(numbers).map(this::id).sorted().toList();
    await(
        "votes of " + ids,
        () -> {
          Map<String, List<String>> groups = votersOfGroups(asked);
          return groups.size() == GROUPS && groups.values().stream().allMatch(ids::equals);
        });
  }

  /** Waits until all groups have three voters, whoever they are. */
  void awaitThreeVoters(int asked) {
    await(
        "three votes in each group",
        () -> {
          Map<String, List<String>> groups = votersOfGroups(asked);
          return groups.size() == GROUPS
              && groups.values().stream().allMatch(voters -> voters.size() == NODES);
        });
  }

  /** Waits until each shard has so many replicas, and each of these nodes has some. */
  void awaitSpread(int asked, int copies, List<Integer> numbers) {
    Set<String> ids = numbers.stream().map(this::id).collect(Collectors.toSet());
    await(
        "replicas on all of " + ids,
        () -> {
          Map<String, List<String>> shards = votersOfGroups(asked);
          shards.remove("system");
          return shards.size() == GROUPS - 1
              && shards.values().stream().allMatch(voters -> voters.size() == copies)
              && shards.values().stream()
                  .flatMap(List::stream)
                  .collect(Collectors.toSet())
                  .equals(ids);
        });
  }

  /** Waits until a node could do without one of the others, by its own word. */
  void awaitCaughtUp(int number) {
    await(
        "node " + number + " to be ready",
        () -> {
          try (RawHttp http = new RawHttp(endpoint(number), PAGE_MAX)) {
            return http.get("/readyz").statusCode() == 200;
          } catch (AssertionError noAnswer) {
            return false;
          }
        });
  }

  /** By the leaders' word. */
  private Map<String, List<String>> votersOfGroups(int asked) {
    Map<String, List<String>> voters = new HashMap<>();
    try (RawHttp http = new RawHttp(endpoint(asked), PAGE_MAX)) {
      LED.matcher(new String(http.get("/cluster").body(), UTF_8))
          .results()
          .forEach(led ->
              voters.put(
                  led.group(1),
                  QUOTED.matcher(led.group(2)).results().map(id -> id.group(1)).toList()));
    } catch (AssertionError noAnswer) {
      // Nobody has a vote then, as far as this knows.
    }
    return voters;
  }

  /** Where a node keeps its files. */
  Path data(int number) {
    return directory.resolve("node-" + number);
  }

  /** The same through all of the node's starts. */
  Endpoint endpoint(int number) {
    int port = nodes.get(number).port;
    return () -> port;
  }

  List<Endpoint> endpoints() {
    return IntStream.range(0, NODES).mapToObj(this::endpoint).toList();
  }

  /** SIGKILL. */
  void kill(int number) {
    process(number).kill();
  }

  /** SIGTERM; returns the exit code. */
  int stop(int number) {
    return process(number).stop();
  }

  /**
   * One after the other, something happens to random nodes: mostly one is killed and started again,
   * sometimes two are at once, sometimes one stands still for a while. Returns how often.
   */
  int disturb(Duration length, Random random) {
    int times = 0;
    long endNanos = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < endNanos) {
      pause(random);
      int victim = random.nextInt(NODES);
      int second = (victim + 1 + random.nextInt(NODES - 1)) % NODES;
      switch (random.nextInt(6)) {
        case 0 -> {
          pause(victim);
          pause(random);
          pause(random);
          resume(victim);
        }
        case 1 -> {
          kill(victim);
          kill(second);
          launch(second);
          start(victim);
          awaitReady(second);
        }
        default -> {
          kill(victim);
          pause(random);
          start(victim);
        }
      }
      times++;
    }
    return times;
  }

  private static void pause(Random random) {
    Pause.of(Duration.ofMillis(random.nextInt(PAUSE_MILLIS_MAX)));
  }

  void pause(int number) {
    nodes.get(number).isPaused = true;
    process(number).pause();
  }

  void resume(int number) {
    process(number).resume();
    nodes.get(number).isPaused = false;
  }

  private KindsteadProcess process(int number) {
    Node node = nodes.get(number);
    synchronized (node) {
      return node.processes.getLast();
    }
  }

  private boolean isRunning(int number) {
    Node node = nodes.get(number);
    synchronized (node) {
      return !node.isPaused && !node.processes.isEmpty() && node.processes.getLast().isAlive();
    }
  }

  /** Until a read through the node is answered. */
  void awaitReady(int number) {
    try (HttpCalls calls = new HttpCalls(endpoint(number), "ready")) {
      await(
          "node " + number + " to answer",
          () -> {
            if (!isRunning(number)) {
              throw new IllegalStateException("node " + number + " has ended:\n" + log(number));
            }
            try {
              calls.lookup(ReadOptions.getDefaultInstance(), Raw.key("Nothing", "nothing"));
              return true;
            } catch (HttpCalls.Failed notYet) {
              return false;
            }
          });
    }
  }

  void awaitLogged(int number, String text) {
    await("node " + number + " to print " + text, () -> log(number).contains(text));
  }

  /** The number of the node that serves, when there is one. */
  int serving() {
    OptionalInt[] found = {OptionalInt.empty()};
    await(
        "a node to serve",
        () -> {
          found[0] = IntStream.range(0, nodes.size()).filter(this::isServing).findFirst();
          return found[0].isPresent();
        });
    return found[0].getAsInt();
  }

  /** The numbers of the nodes that do not serve now. */
  List<Integer> others() {
    int serving = serving();
    return IntStream.range(0, NODES).filter(number -> number != serving).boxed().toList();
  }

  private boolean isServing(int number) {
    return isRunning(number) && metrics(number).contains("\nkindstead_serving 1.0\n");
  }

  /** Waits until all shards are led by others. */
  void awaitLeadsNothing(int number) {
    await(
        "node " + number + " to lead nothing",
        () -> {
          String page = metrics(number);
          return page.contains(LEADS) && LEADS_ONE.matcher(page).results().findAny().isEmpty();
        });
  }

  /** Empty when the node does not answer. */
  private String metrics(int number) {
    try (RawHttp http = new RawHttp(endpoint(number), PAGE_MAX)) {
      return new String(http.get("/metrics").body(), UTF_8);
    } catch (AssertionError noAnswer) {
      return "";
    }
  }

  private static void await(String what, BooleanSupplier holds) {
    long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadlineNanos) {
        throw new IllegalStateException("waited " + READY_MAX + " for " + what);
      }
      Pause.of(POLL);
    }
  }

  /** What a node printed, in all its lives. */
  String log(int number) {
    Node node = nodes.get(number);
    var text = new StringBuilder();
    synchronized (node) {
      for (KindsteadProcess each : node.processes) {
        text.append("---- node %d%n".formatted(number)).append(each.log());
      }
    }
    return text.toString();
  }

  String logs() {
    return String.join("", IntStream.range(0, nodes.size()).mapToObj(this::log).toList());
  }

  /** Ends all processes, whatever state they are in, and deletes their data. */
  @Override
  public void close() {
    for (Node node : nodes) {
      synchronized (node) {
        node.processes.forEach(KindsteadProcess::close);
      }
    }
    delete(directory);
  }

  static void delete(Path tree) {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
