package dev.kindstead.server;

import dev.kindstead.administration.Administration;
import dev.kindstead.admission.Gates;
import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.Survey;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.SystemTimers;
import dev.kindstead.environment.Timers;
import dev.kindstead.environment.Waiting;
import dev.kindstead.index.PublishedIndexes;
import dev.kindstead.jobs.Expiry;
import dev.kindstead.jobs.IndexJobs;
import dev.kindstead.jobs.Statistics;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.protocol.ClusterControl;
import dev.kindstead.protocol.Forwarding;
import dev.kindstead.protocol.FrontDoor;
import dev.kindstead.protocol.FrontDoorOptions;
import dev.kindstead.protocol.Operations;
import dev.kindstead.protocol.ReadinessCheck;
import dev.kindstead.query.Queries;
import dev.kindstead.replication.CorruptLogException;
import dev.kindstead.service.IndexAdministration;
import dev.kindstead.service.IndexWishes;
import dev.kindstead.service.Lookup;
import dev.kindstead.service.QuerySessions;
import dev.kindstead.service.RunAggregationQuery;
import dev.kindstead.service.RunQuery;
import dev.kindstead.storage.StorageException;
import dev.kindstead.telemetry.ProcessMetrics;
import dev.kindstead.transaction.OtherNodes;
import dev.kindstead.transaction.Transactions;
import dev.kindstead.transport.TlsMisfit;
import dev.kindstead.vector.VectorIndexes;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: every room, wired by plain constructors from the bottom up. Read {@link #wire}
 * from top to bottom to see the whole program.
 *
 * <p>Thread rule: made and closed by one thread.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** Threads for scans that may wait for the disk; what is more waits for them. */
  private static final int QUERY_THREADS = 2 * Runtime.getRuntime().availableProcessors();

  /** A name that nobody knows keeps one for seconds. */
  private static final int NEIGHBOUR_THREADS = 4;

  private static final Duration SURVEY_INTERVAL = Duration.ofSeconds(5);

  private static final long QUERY_THREAD_IDLE_SECONDS = 10;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final FrontDoor frontDoor;

  private Node(NodeOptions options, Runnable shutdown, Consumer<String> refused) {
    boolean serves = false;
    try {
      frontDoor = wire(options, shutdown, refused);
      serves = true;
    } finally {
      if (!serves) {
        close();
      }
    }
  }

  /**
   * Starts a node; it serves when this returns.
   *
   * @param shutdown runs when a client of a development node asks it to end; must not block
   * @param refused told why the node, which takes part in a cluster, must not any more: the process
   *     has to end at once
   * @throws Refusal when it is the user who can mend what prevents it
   */
  static Node start(NodeOptions options, Runnable shutdown, Consumer<String> refused) {
    try {
      return new Node(options, shutdown, refused);
    } catch (CompletionException e) {
      throw refusal(e.getCause() == null ? e : e.getCause());
    } catch (StorageException | CorruptLogException e) {
      throw refusal(e);
    }
  }

  private FrontDoor wire(NodeOptions options, Runnable shutdown, Consumer<String> refused) {
    LocalAddresses.check(options.listen());
    Clock clock = new SystemClock();
    Timers timers = opened(new SystemTimers());
    RandomGenerator random = new SecureRandom();
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    opened.push(metrics::close);
    var process = opened(new ProcessMetrics());
    ExecutorService queries = opened(queryThreads());

    // Floors 0 to 3: logs and stores of the shards, in memory or on disk.
    Ground ground =
        options.dataDirectory().isEmpty()
            ? Ground.inMemory(this::opened, options, random)
            : Ground.onDisk(
                this::opened, options, clock, timers, random, opened(neighbourThreads()), refused);
    ground.disk().ifPresent(disk -> disk.register(metrics));
    var map = new ShardMap(ground.identity().shards());

    // Floor 4: transactions over all shards.
    var transactions =
        opened(
            new Transactions(
                map,
                ground.shards().shards(),
                ground.shards().system(),
                clock,
                timers,
                opened(readingThreads()),
                random,
                ground
                    .neighbours()
                    .map(others ->
                        new OtherNodes(others.network(), others::servingByWord, Waiting.BLOCKING))
                    .orElse(OtherNodes.NONE),
                options.transactions(ground.identity())));
    CompletableFuture<Void> started = transactions.start();
    ground.begun().run();
    if (ground.identity().isAlone()) {
      started.join();
    }
    var self = selfDescription(options, ground, transactions, clock);
    var survey = survey(ground, self, clock);
    Forwarding forwarding = forwarding(options, ground, transactions, survey, random);
    Optional<Company> company =
        ground
            .neighbours()
            .map(others ->
                opened(
                    new Company(
                        options.cluster().orElseThrow(),
                        others,
                        ground.identity(),
                        ground.shards(),
                        transactions,
                        forwarding.servingNode(),
                        survey,
                        clock,
                        timers)));
    company.ifPresent(here -> {
      self.changesMembers(here::move);
      here.start();
    });

    // Floors 5 and 6: background work, and the operations.
    var indexes = new PublishedIndexes(options.strictIndexes());
    transactions.indexes().onChange(indexes::publish);
    // A thread for each: one that waits for a shard is no reason for the others to stand still.
    ExecutorService building = opened(backgroundThread("indexes-"));
    var indexJobs = opened(new IndexJobs(transactions, clock, timers, building, IndexJobs.LINGER));
    indexJobs.start();
    ExecutorService expiring = opened(backgroundThread("expiry-"));
    var expiry = opened(new Expiry(transactions, clock, timers, expiring, Expiry.PERIOD));
    expiry.register(metrics);
    expiry.start();
    ExecutorService counting = opened(backgroundThread("statistics-"));
    opened(new Statistics(transactions, clock, timers, counting, Statistics.PERIOD)).start();
    IndexWishes wishes =
        options
            .indexFile()
            .<IndexWishes>map(file -> new GeneratedIndexFile(file, counting))
            .orElse(IndexWishes.UNHEARD);
    ExecutorService vectorThread = opened(backgroundThread("vectors-"));
    var vectors = opened(new VectorIndexes(transactions::readShard, clock, timers, vectorThread));
    var planned = new Queries(map, indexes, clock, vectors);
    var sessions = new QuerySessions(transactions, wishes, queries, clock);
    Operations all =
        Operations.of(
            transactions,
            new Lookup(transactions, map, queries, clock),
            new RunQuery(planned, sessions),
            new RunAggregationQuery(planned, sessions));
    Operations guarded =
        ground.disk().<Operations>map(disk -> new GuardedOperations(all, disk)).orElse(all);

    // Floor 7: the public door, the last to open and the first to close.
    var doorOptions =
        new FrontDoorOptions(
            LocalAddresses.of(options.listen()),
            options.tls().orElse(null),
            options.limits(),
            options.transport(),
            options.development()
                ? new FrontDoorOptions.Development(
                    transactions::reset,
                    shutdown,
                    options.listen().isLoopback() ? options.listen().host() : null)
                : null);
    var administration =
        new Administration(
            new IndexAdministration(transactions.indexes(), indexJobs), transactions);
    var readiness =
        new Readiness(
            transactions::failure,
            forwarding.servingNode(),
            () -> company.map(Company::behind).orElse(0),
            clock);
    var gates = new Gates(clock, timers);
    gates.register(metrics);
    FrontDoor door =
        door(
            doorOptions,
            guarded,
            gates,
            administration,
            forwarding,
            readiness::checks,
            new ClusterRequests(survey, company),
            metrics);
    listen(door, options);
    self.listensOn(door.port());
    opened.push(() -> door.stop().join());
    opened(new Departure(door, company, options.drainWait()));
    company.ifPresent(here -> here.onDrain(door::drain));
    self.drains(door::isDraining);
    if (ground.neighbours().isPresent()) {
      var differences = new Differences(ground.identity().nodeId());
      opened(
          new Periodic(
              SURVEY_INTERVAL,
              timers,
              () -> {
                var unused = survey.ask().thenAccept(differences::look);
              }));
    }
    queries.execute(() -> {
      process.register(metrics);
      new ClusterMetrics(self, survey).register(metrics, ground.shards().groups());
      var unused = survey.ask();
    });
    return door;
  }

  private static Forwarding forwarding(
      NodeOptions options,
      Ground ground,
      Transactions transactions,
      Survey survey,
      RandomGenerator random) {
    return ground
        .neighbours()
        .map(others ->
            Forwarding.over(
                others.network(),
                new WhoServes(transactions, ground.identity().nodeId(), others::servingByWord),
                new ReplicaRoutes(
                    survey,
                    () -> transactions.servedBy().isPresent(),
                    options.cluster().orElseThrow().routePolicy(),
                    options.place().zone(),
                    options.region(),
                    random)))
        .orElse(Forwarding.NONE);
  }

  private static SelfDescription selfDescription(
      NodeOptions options, Ground ground, Transactions transactions, Clock clock) {
    return new SelfDescription(
        options,
        ground.identity(),
        ground.boot(),
        ground.neighbours().map(Neighbours::advertised).orElse(""),
        clock,
        transactions::isServing,
        ground::diskUsed,
        () -> List.copyOf(transactions.removedNodes()),
        ground::replicas,
        () -> transactions.readableUntil().map(micros -> Instant.ofEpochMilli(micros / 1000)));
  }

  private static Survey survey(Ground ground, SelfDescription self, Clock clock) {
    Network network = ground.neighbours().map(Neighbours::network).orElse(Network.NONE);
    var survey =
        new Survey(
            network,
            self,
            () -> ground.neighbours().map(Neighbours::addresses).orElse(Map.of()),
            clock);
    ground.neighbours().ifPresent(others -> others.messages().on(Survey.MESSAGE, survey));
    return survey;
  }

  /** One thread for background work, there only while there is any. */
  private static ExecutorService backgroundThread(String name) {
    return threads(name, 1);
  }

  private static ExecutorService queryThreads() {
    return threads("query-", QUERY_THREADS);
  }

  /** For other nodes; a thread of queries may be waiting for their rows. */
  private static ExecutorService readingThreads() {
    return threads("rows-", QUERY_THREADS);
  }

  /**
   * For looking up names, answering who forms the cluster and the disk's headroom: queries, each of
   * which may take its seconds, must not keep a node from its neighbours.
   */
  private static ExecutorService neighbourThreads() {
    return threads("neighbours-", NEIGHBOUR_THREADS);
  }

  private static ExecutorService threads(String name, int count) {
    var threads =
        new ThreadPoolExecutor(
            count,
            count,
            QUERY_THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(name, 0).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static FrontDoor door(
      FrontDoorOptions options,
      Operations operations,
      Gates gates,
      Administration administration,
      Forwarding forwarding,
      Supplier<List<ReadinessCheck>> readiness,
      ClusterControl cluster,
      PrometheusMeterRegistry metrics) {
    try {
      return new FrontDoor(
          options, operations, gates, administration, forwarding, readiness, cluster, metrics);
    } catch (IllegalArgumentException | IllegalStateException e) {
      if (options.tls() == null) {
        throw e;
      }
      String reason =
          TlsMisfit.of(e) == TlsMisfit.KEY
              ? "%s is not the key of %s"
                  .formatted(options.tls().key(), options.tls().certificate())
              : rootOf(e).getMessage();
      throw new Refusal(ExitCode.USAGE, "can't use the TLS certificate or its key: " + reason);
    }
  }

  private static void listen(FrontDoor door, NodeOptions options) {
    try {
      door.start().join();
    } catch (CompletionException e) {
      throw LocalAddresses.taken(options.listen(), rootOf(e));
    }
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static RuntimeException refusal(Throwable cause) {
    return switch (cause) {
      case CorruptLogException e ->
          new Refusal(ExitCode.DATA_NOT_OURS, String.valueOf(e.getMessage()));
      case StorageException e ->
          new Refusal(
              e.isCorruption() ? ExitCode.DATA_NOT_OURS : ExitCode.DATA_NOT_ACCESSIBLE,
              String.valueOf(e.getMessage()));
      case RuntimeException e -> e;
      default -> new IllegalStateException(cause);
    };
  }

  /** The port that was really taken. */
  int port() {
    return frontDoor.port();
  }

  /** Stops serving, waits for requests in flight, then closes every room from the top down. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        LOG.error("a room did not close in order; the next start recovers", e);
      }
    }
  }

  private <T extends AutoCloseable> T opened(T room) {
    opened.push(room);
    return room;
  }
}
