package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.Handler;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.environment.Network.Refused;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.storage.VersionedStore;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes on one thread, each with a replica of all shards: "n1" has the oracle and leads shard
 * 0, "n2" leads shard 1, "n3" shard 2, and "n1" again shard 3. A test lets time pass, moves leaders
 * and cuts nodes off.
 */
final class Nodes implements Clock, Timers {
  private static final Duration ANSWER_TIME = Duration.ofMillis(1);
  private static final Duration LATE_ANSWER_TIME = Duration.ofMillis(500);

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private final List<SharedLog.Group> groups = new ArrayList<>();
  private final Map<String, List<SharedLog>> logs = new LinkedHashMap<>();
  private final Map<String, List<StoreBehind>> stores = new HashMap<>();
  private final Map<String, Transactions> nodes = new LinkedHashMap<>();
  private final Map<String, Map<Network.Service, Network.Handler>> services = new HashMap<>();
  private final Set<String> dead = new HashSet<>();
  private final Set<String> stopped = new HashSet<>();
  private final Map<String, Duration> clocksAhead = new HashMap<>();
  private final ConcurrencyMode mode;
  private Predicate<Network.Service> losingAnswers = _ -> false;
  private String askingLate = "";
  private long nanos;
  private long timersMade;
  private int asked;

  private record Due(long atNanos, long number, Runnable task) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return atNanos != other.atNanos
          ? Long.compare(atNanos, other.atNanos)
          : Long.compare(number, other.number);
    }
  }

  Nodes(ConcurrencyMode mode) {
    this.mode = mode;
    for (String leader : List.of("n1", "n2", "n3", "n1", "n1")) {
      groups.add(new SharedLog.Group(leader));
    }
    for (String node : List.of("n1", "n2", "n3")) {
      start(node);
    }
    pass(Duration.ofSeconds(1));
  }

  private void start(String node) {
    var wirings = new ArrayList<ShardWiring>();
    logs.put(node, new ArrayList<>());
    stores.put(node, new ArrayList<>());
    services.put(node, new EnumMap<>(Network.Service.class));
    Executor alive =
        task -> {
          if (stopped.contains(node)) {
            throw new RejectedExecutionException(node + " has stopped");
          }
          tasks.add(() -> runAlive(node, task));
        };
    for (SharedLog.Group group : groups) {
      var log = new SharedLog(group, node, alive);
      Objects.requireNonNull(logs.get(node)).add(log);
      var store = new StoreBehind(() -> false);
      Objects.requireNonNull(stores.get(node)).add(store);
      wirings.add(new ShardWiring(log, new VersionedStore(store), alive));
    }
    var settings =
        TransactionSettings.defaults(Bytes.of(new byte[] {1, 2, 3})).withDefaultMode(mode);
    var transactions =
        new Transactions(
            new ShardMap(World.SHARDS),
            wirings.subList(0, World.SHARDS),
            wirings.get(World.SHARDS),
            new ClockOf(node),
            (delay, task) -> schedule(delay, () -> runAlive(node, task)),
            Runnable::run,
            RandomGeneratorFactory.of("L64X128MixRandom").create(node.hashCode()),
            OtherNodes.by(new From(node)),
            settings);
    nodes.put(node, transactions);
    var unused = transactions.start();
  }

  private void runAlive(String node, Runnable task) {
    if (!dead.contains(node)) {
      task.run();
    }
  }

  private final class From implements Network {
    private final String from;

    From(String from) {
      this.from = from;
    }

    @Override
    public CompletableFuture<byte[]> call(
        String to, Service service, byte[] request, Duration timeout) {
      asked++;
      var answer = new CompletableFuture<byte[]>();
      schedule(
          timeout,
          () -> runAlive(from, () -> answer.completeExceptionally(new AnswerLost("too late"))));
      schedule(
          ANSWER_TIME,
          () -> {
            Handler handler = Objects.requireNonNull(services.get(to)).get(service);
            if (dead.contains(to) || handler == null) {
              answer.completeExceptionally(new NotDelivered(to + " is away"));
              return;
            }
            boolean lost = losingAnswers.test(service);
            Duration time = isLate(service, request) ? LATE_ANSWER_TIME : ANSWER_TIME;
            handler
                .handle(from, request)
                .whenComplete((bytes, failure) ->
                    schedule(time, () -> answered(to, answer, lost, bytes, failure)));
          });
      return answer;
    }

    private boolean isLate(Service service, byte[] request) {
      return from.equals(askingLate)
          && service == Service.TIMESTAMPS
          && TimestampMessages.decode(request) instanceof TimestampMessages.Take;
    }

    private void answered(
        String to,
        CompletableFuture<byte[]> answer,
        boolean lost,
        byte @Nullable [] bytes,
        @Nullable Throwable failure) {
      if (dead.contains(from)) {
        return;
      }
      if (lost || dead.contains(to)) {
        answer.completeExceptionally(new AnswerLost("the connection broke"));
      } else if (failure == null) {
        answer.complete(bytes);
      } else {
        answer.completeExceptionally(new Refused(String.valueOf(failure.getMessage())));
      }
    }

    @Override
    public void serve(Service service, Handler handler) {
      Objects.requireNonNull(services.get(from)).put(service, handler);
    }
  }

  /** A node's own wall clock. */
  private final class ClockOf implements Clock {
    private final String node;

    ClockOf(String node) {
      this.node = node;
    }

    @Override
    public long wallMicros() {
      Duration ahead = clocksAhead.getOrDefault(node, Duration.ZERO);
      return Nodes.this.wallMicros() + ahead.toNanos() / 1_000;
    }

    @Override
    public long monotonicNanos() {
      return nanos;
    }
  }

  /** A node's wall clock is wrong from now on. */
  void setClockAhead(String node, Duration by) {
    clocksAhead.put(node, by);
  }

  @Override
  public long wallMicros() {
    return 1_800_000_000_000_000L + nanos / 1_000;
  }

  @Override
  public long monotonicNanos() {
    return nanos;
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    var entry = new Due(nanos + delay.toNanos(), timersMade++, task);
    due.add(entry);
    return () -> due.remove(entry);
  }

  /** Lets time pass. */
  Nodes pass(Duration time) {
    long until = nanos + time.toNanos();
    run();
    while (!due.isEmpty() && due.peek().atNanos() <= until) {
      Due next = due.poll();
      nanos = Math.max(nanos, next.atNanos());
      next.task().run();
      run();
    }
    nanos = Math.max(nanos, until);
    return this;
  }

  private void run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      nanos += 1_000;
    }
  }

  /** The node does nothing any more. */
  void kill(String node) {
    dead.add(node);
    Objects.requireNonNull(logs.get(node)).forEach(SharedLog::die);
  }

  /** The node is closed in order: its threads take nothing more. */
  void stop(String node) {
    node(node).close();
    stopped.add(node);
  }

  /** The others lose their connections with a node. */
  void disconnect(String node) {
    services.forEach((other, handlers) -> {
      if (!other.equals(node)) {
        for (Handler handler : handlers.values()) {
          var unused = handler.disconnected(node);
        }
      }
    });
  }

  /** What one node asks another. */
  CompletableFuture<byte[]> call(String from, String to, Network.Service service, byte[] request) {
    return new From(from).call(to, service, request, Duration.ofSeconds(1));
  }

  /** Another node leads a group from now on; the system group is the last one. */
  void lead(int group, String node) {
    groups.get(group).lead(node);
  }

  /** The same; the former leader hears of it when the returned task is run. */
  Runnable leadUnnoticed(int group, String node) {
    return groups.get(group).leadUnnoticed(node);
  }

  SharedLog log(String node, int group) {
    return Objects.requireNonNull(logs.get(node)).get(group);
  }

  StoreBehind store(String node, int group) {
    return Objects.requireNonNull(stores.get(node)).get(group);
  }

  /** The answers of a service are lost from now on, what is asked is done. */
  void loseAnswers(Predicate<Network.Service> service) {
    losingAnswers = service;
  }

  /** Timestamps that the node asks for come late from now on; what it announces does not. */
  void askLate(String node) {
    askingLate = node;
  }

  /** How often one node has asked another one for something. */
  int asked() {
    return asked;
  }

  Transactions node(String node) {
    return Objects.requireNonNull(nodes.get(node));
  }

  /** Latches, locks and parts that are held anywhere. */
  int held() {
    return nodes.entrySet().stream()
        .filter(node -> !dead.contains(node.getKey()))
        .mapToInt(node -> node.getValue().held())
        .sum();
  }

  CompletableFuture<CommitResult> startPut(String node, Mutation... mutations) {
    return node(node).commit(new CommitRequest(World.DATABASE, null, false, List.of(mutations)));
  }

  CompletableFuture<CommitResult> startCommit(
      String node, TransactionId id, Mutation... mutations) {
    return node(node).commit(new CommitRequest(World.DATABASE, id, true, List.of(mutations)));
  }

  TransactionId begin(String node) {
    return await(node(node).begin(World.DATABASE, new TransactionOptions.ReadWrite(null)));
  }

  CompletableFuture<@Nullable Long> startGet(String node, ReadMode how, Key key) {
    return node(node)
        .readKeys(World.DATABASE, how, List.of(key))
        .thenApply(session -> {
          try (session) {
            return World.read(session, key);
          }
        });
  }

  @Nullable Long get(String node, Key key) {
    return await(startGet(node, new ReadMode.Strong(), key));
  }

  @Nullable Long get(String node, TransactionId id, Key key) {
    return await(startGet(node, new ReadMode.InTransaction(id), key));
  }

  /** The result, within a second. */
  <T> T await(CompletableFuture<T> future) {
    pass(Duration.ofSeconds(1));
    assertThat(future).isDone();
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }
}
