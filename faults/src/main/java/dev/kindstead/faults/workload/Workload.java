package dev.kindstead.faults.workload;

import dev.kindstead.faults.machine.Pause;
import dev.kindstead.faults.workload.Notes.Work;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The clients of one round, in a project of its own, and the judgement of what they saw. Used by
 * one thread, beside the clients' own.
 */
public final class Workload implements AutoCloseable {
  /** Within this after all faults have ended, every kind of work is acknowledged again. */
  public static final Duration PROGRESS_MAX = Duration.ofSeconds(30);

  /** A client ends when its last request does; what it repeats takes some of them. */
  private static final Duration CLIENTS_END_MAX = Duration.ofSeconds(90);

  private static final Duration OPEN_MAX = Duration.ofSeconds(60);
  private static final Duration READ_MAX = Duration.ofSeconds(60);
  private static final Duration THINK_TIME_MAX = Duration.ofMillis(100);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final Duration LISTS_EPOCH = Duration.ofSeconds(10);
  private static final Duration REGISTERS_EPOCH = Duration.ofSeconds(4);

  /** How many clients of each kind. */
  private static final Map<Work, Integer> CLIENTS =
      Map.ofEntries(
          Map.entry(Work.LISTS, 5),
          Map.entry(Work.REGISTERS, 4),
          Map.entry(Work.BANK, 3),
          Map.entry(Work.SET, 3),
          Map.entry(Work.PAGES, 1),
          Map.entry(Work.IDS, 1),
          Map.entry(Work.INDEXES, 1));

  private final HttpClient http =
      HttpClient.newBuilder().version(Version.HTTP_1_1).connectTimeout(CONNECT_MAX).build();
  private final Notes notes = new Notes();
  private final List<Calls> nodes;
  private final Random random;
  private final Epochs lists = new Epochs(LISTS_EPOCH);
  private final Epochs registers = new Epochs(REGISTERS_EPOCH);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int clients;
  private volatile boolean stopped;
  private volatile boolean overloaded;

  public Workload(List<URI> nodes, String project, long seed) {
    this.nodes = nodes.stream().map(node -> new Calls(http, node, project)).toList();
    this.random = new Random(seed);
  }

  /** Opens the bank, and begins. */
  public void start(String concurrencyMode) {
    Calls first = nodes.getFirst();
    Eventually.answer(
        "the opening",
        OPEN_MAX,
        notes::anomaly,
        () -> {
          first.setConcurrencyMode(concurrencyMode);
          new IndexCalls(first).create(IndexedRows.KIND, IndexedRows.LASTING);
          return first.commit(first.commitOf(BankClient.opening()));
        });
    CLIENTS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each -> {
          for (int i = 0; i < each.getValue(); i++) {
            run(client(each.getKey()), THINK_TIME_MAX, notes::acknowledged, () -> !stopped);
          }
        });
  }

  private Client client(Work work) {
    Random own = new Random(random.nextLong());
    int number = ++clients;
    return switch (work) {
      case LISTS -> new ListClient(notes, nodes, own, number, lists);
      case REGISTERS -> new RegisterClient(notes, nodes, own, number, registers);
      case BANK -> new BankClient(notes, nodes, own, number);
      case SET -> new SetClient(notes, nodes, own, number);
      case PAGES -> new PageClient(notes, nodes, own, number);
      case IDS -> new IdClient(notes, nodes, own, number);
      case INDEXES -> new IndexClient(notes, nodes, own, number);
    };
  }

  private void run(
      Client client, Duration thinkTimeMax, Consumer<Probe> acknowledged, BooleanSupplier goesOn) {
    threads.execute(() -> {
      try {
        while (goesOn.getAsBoolean()) {
          Pause.of(client.workOnce(thinkTimeMax, acknowledged));
        }
      } catch (IllegalStateException interrupted) {
        if (!stopped) {
          throw interrupted;
        }
      }
    });
  }

  public Notes notes() {
    return notes;
  }

  /** How many clients there are without overload. */
  public static int clientsAtRest() {
    return CLIENTS.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** More clients, which never think. They insert elements and have ids allocated. */
  public void beginOverload(int more) {
    overloaded = true;
    for (int i = 0; i < more; i++) {
      run(
          client(i % 4 == 0 ? Work.IDS : Work.SET),
          Duration.ZERO,
          notes::acknowledgedInOverload,
          () -> overloaded && !stopped);
    }
  }

  public void endOverload() {
    overloaded = false;
  }

  /** What work has not been acknowledged within the bound, one line each. */
  public List<String> awaitProgress() {
    Map<Probe, Long> before = new TreeMap<>();
    for (Probe probe : Probe.values()) {
      before.put(probe, notes.acknowledgedCount(probe));
    }
    Pause.until(PROGRESS_MAX, () -> standing(before).isEmpty());
    return standing(before).stream()
        .map(probe ->
            "no progress: %s not acknowledged within %d s after all was mended"
                .formatted(probe, PROGRESS_MAX.toSeconds()))
        .toList();
  }

  private List<Probe> standing(Map<Probe, Long> before) {
    return before.entrySet().stream()
        .filter(each -> notes.acknowledgedCount(each.getKey()) <= each.getValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Ends all clients. */
  public void stop() {
    stopped = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLIENTS_END_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("clients still at work after " + CLIENTS_END_MAX);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All that is there, by a strong read through the first node, once no index is being built. */
  public Contents read() {
    awaitIndexes();
    return Eventually.answer(
        "the last read",
        READ_MAX,
        notes::anomaly,
        () -> Contents.read(nodes.getFirst(), Rows.strong(), lists.now() + 1, registers.now() + 1));
  }

  private void awaitIndexes() {
    Eventually.answer(
        "the list of indexes",
        READ_MAX,
        notes::anomaly,
        () -> new IndexCalls(nodes.getFirst()).settled());
  }

  /** Whether every node's own replicas hold the same, and all see the same now. */
  public List<String> disagreements(Contents contents) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Calls node = nodes.get(i);
      String replicas = "replicas of node " + i;
      Contents own =
          Eventually.answer(
              replicas,
              READ_MAX,
              all::add,
              () -> contents.readAgain(node, Rows.at(contents.readTime())));
      all.addAll(contents.differences(own, replicas));
      String strong = "a strong read through node " + i;
      Contents now =
          Eventually.answer(
              strong, READ_MAX, all::add, () -> contents.readAgain(node, Rows.strong()));
      all.addAll(contents.differences(now, strong));
      all.addAll(
          Eventually.answer(
              "the comparison of indexes through node " + i,
              READ_MAX,
              all::add,
              () -> new IndexCalls(node).differences()));
    }
    return all;
  }

  /** What is not as it was when the round of this project had ended. */
  public static List<String> changes(URI node, String project, Contents contents) {
    try (HttpClient own = HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
      Calls calls = new Calls(own, node, project);
      String who = project + " at the end of the run";
      List<String> all = new ArrayList<>();
      Contents now =
          Eventually.answer(
              who, READ_MAX, all::add, () -> contents.readAgain(calls, Rows.strong()));
      all.addAll(contents.differences(now, who));
      return all;
    }
  }

  public Judgement judge(Contents contents) {
    return Judgement.of(notes, contents);
  }

  /** Failures that clients met, the most frequent first. */
  public String failures() {
    return notes.failures().entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(each -> each.getValue() + " x " + each.getKey())
        .collect(Collectors.joining("; "));
  }

  /** All that the clients saw, for whoever looks for the reason of an anomaly. */
  public List<String> history() {
    return notes.lines();
  }

  /** Whatever state its clients are in. */
  @Override
  public void close() {
    stopped = true;
    threads.shutdownNow();
    http.shutdownNow();
  }
}
