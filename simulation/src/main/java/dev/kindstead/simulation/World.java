package dev.kindstead.simulation;

import dev.kindstead.placement.ShardMap;
import dev.kindstead.simulation.History.Ending;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One run: a node, its clients and what befalls them, all drawn from a seed. First a time with
 * faults, then everything heals and the clients must come to an end; then the history is judged.
 *
 * <p>Confined to the thread that calls {@link #run}.
 */
public final class World {
  /** A run that committed less than this says nothing: it is invalid. */
  static final int COMMITS_MIN = 20;

  private static final Duration HEAL_TIME_MAX = Duration.ofMinutes(2);
  private static final Duration STARTING_STEP = Duration.ofMillis(10);
  private static final Duration CRASH_LASTS_MAX = Duration.ofSeconds(3);

  private final WorldOptions options;
  private final RandomGenerator random;
  private final Scheduler scheduler;
  private final SimulatedNode node;
  private final List<ListClient> clients = new ArrayList<>();
  private final IdClient ids;
  private final History history = new History();
  private final List<String> reports = new ArrayList<>();
  private final Map<String, Integer> probes = new TreeMap<>();
  private final List<String> objects;
  private final ShardMap shardMap;
  private boolean healing;
  private int transactionIds;
  private int elements;

  public World(long seed) {
    this(WorldOptions.draw(seed, new SplittableRandom(seed)));
  }

  public World(WorldOptions options) {
    this.options = options;
    this.random = new SplittableRandom(~options.seed());
    this.scheduler = new Scheduler(fork());
    this.shardMap = new ShardMap(options.shards());
    this.objects = IntStream.range(0, options.objects()).mapToObj(i -> "list" + i).toList();
    this.node = new SimulatedNode(options, shardMap, scheduler, fork(), this::report, this::hit);
    for (int i = 0; i < options.clients(); i++) {
      clients.add(new ListClient(this, fork()));
    }
    this.ids = new IdClient(this, fork());
  }

  /** Runs to the end and judges. */
  public Verdict run() {
    node.start();
    // Faults are for a database that has begun.
    long begun = scheduler.monotonicNanos();
    while (node.transactions() == null
        && scheduler.monotonicNanos() - begun < HEAL_TIME_MAX.toNanos()) {
      scheduler.runFor(STARTING_STEP);
    }
    clients.forEach(ListClient::start);
    ids.start();
    scheduleCrash();
    scheduleClockJump();
    scheduler.runFor(options.duration());
    heal();
    List<String> anomalies = new ArrayList<>(reports);
    if (clients.stream().allMatch(ListClient::isIdle) && node.transactions() != null) {
      FinalState state = FinalState.read(this);
      anomalies.addAll(state.disagreements());
      anomalies.addAll(StrictSerializability.anomalies(history, state.lists()));
    } else {
      anomalies.add("no progress: after " + HEAL_TIME_MAX + " without faults a client still waits");
    }
    return new Verdict(
        options,
        history.count(Ending.COMMITTED),
        history.count(Ending.ABORTED),
        history.count(Ending.UNKNOWN),
        probes,
        scheduler.traceHash(),
        anomalies);
  }

  private void heal() {
    healing = true;
    node.healLogs();
    clients.forEach(ListClient::stop);
    ids.stop();
    long end = scheduler.monotonicNanos() + HEAL_TIME_MAX.toNanos();
    while (scheduler.monotonicNanos() < end
        && !(clients.stream().allMatch(ListClient::isIdle) && node.transactions() != null)) {
      scheduler.runFor(Duration.ofSeconds(1));
    }
  }

  private void scheduleCrash() {
    long mean = options.crashEvery().toNanos();
    scheduler.schedule(
        Duration.ofNanos(mean / 2 + random.nextLong(mean)),
        () -> {
          if (healing) {
            return;
          }
          if (node.transactions() != null) {
            hit("crash");
            node.crash();
            clients.forEach(ListClient::nodeCrashed);
            ids.nodeCrashed();
            scheduler.schedule(
                Duration.ofNanos(random.nextLong(CRASH_LASTS_MAX.toNanos())), node::start);
          }
          scheduleCrash();
        });
  }

  private void scheduleClockJump() {
    scheduler.schedule(
        Duration.ofMillis(random.nextInt(20_000)),
        () -> {
          if (!healing) {
            hit("clock jump");
            scheduler.jumpWallClock(Duration.ofMillis(random.nextInt(20_000) - 10_000L));
            scheduleClockJump();
          }
        });
  }

  private RandomGenerator fork() {
    return new SplittableRandom(random.nextLong());
  }

  Scheduler scheduler() {
    return scheduler;
  }

  ShardMap shardMap() {
    return shardMap;
  }

  int[] allShards() {
    return IntStream.range(0, options.shards()).toArray();
  }

  List<String> objects() {
    return objects;
  }

  /** The serving node, null while it is down or starting. */
  @Nullable Transactions node() {
    return node.transactions();
  }

  int nextTransactionId() {
    return transactionIds++;
  }

  int nextElement() {
    return elements++;
  }

  void ended(History.Transaction transaction) {
    scheduler.trace(transaction.id() * 31L + transaction.ending().ordinal());
    history.add(transaction);
  }

  /** Something that must never happen, whatever the history says. */
  void report(String anomaly) {
    reports.add(anomaly);
  }

  /** Counts that something worth testing happened. */
  void hit(String probe) {
    probes.merge(probe, 1, Integer::sum);
  }

  static List<String> shuffled(Collection<String> names, RandomGenerator random) {
    var list = new ArrayList<>(names);
    for (int i = list.size() - 1; i > 0; i--) {
      Collections.swap(list, i, random.nextInt(i + 1));
    }
    return list;
  }

  /**
   * What came of a run.
   *
   * @param anomalies none for a run that passed
   */
  public record Verdict(
      WorldOptions options,
      long committed,
      long aborted,
      long unknown,
      Map<String, Integer> probes,
      long traceHash,
      List<String> anomalies) {

    public boolean isValid() {
      return committed >= COMMITS_MIN;
    }

    public boolean passed() {
      return isValid() && anomalies.isEmpty();
    }
  }
}
