package dev.kindstead.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * {@code kindstead dev --nodes 3}: a cluster on one machine, a process a node, to see nodes fail
 * and come back. A node that dies stays dead until somebody starts it; the cluster ends with this
 * process.
 */
final class DevCluster {
  private static final Set<Integer> SIZES = Set.of(3, 5);
  private static final long POLL_MILLIS = 200;
  private static final long STOP_SECONDS_MAX = 10;

  /** What each node gets its own of, or must not have. */
  private static final Set<Setting<?>> NOT_PASSED_ON =
      Set.of(
          Setting.LISTEN,
          Setting.JOIN,
          Setting.NODE_LISTEN,
          Setting.NODE_ADVERTISE,
          Setting.NODE_TLS_AUTHORITY,
          Setting.NODE_TLS_CERTIFICATE,
          Setting.NODE_TLS_KEY,
          Setting.DATA_DIR,
          Setting.FSYNC);

  private final Configuration configuration;
  private final int size;
  private final PrintWriter out;
  private final boolean isTemporary;
  private final DevDirectory directory;
  private final List<DevNode> nodes = new ArrayList<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch ready;

  /** Of a node that ended before all were ready. */
  private final AtomicInteger failed = new AtomicInteger(ExitCode.OK);

  DevCluster(Configuration configuration, int size, PrintWriter out) {
    this.configuration = configuration;
    this.size = size;
    this.out = out;
    isTemporary = configuration.find(Setting.DATA_DIR).isEmpty();
    directory =
        DevDirectory.at(configuration.find(Setting.DATA_DIR).orElseGet(DevDirectory::temporary));
    ready = new CountDownLatch(size);
  }

  /** Runs until a signal; answers an exit code. */
  int run() {
    if (!SIZES.contains(size)) {
      throw new Refusal(
          ExitCode.USAGE, "--nodes takes 1, 3 or 5: what survives the loss of a minority");
    }
    if (configuration.get(Setting.FSYNC).equals("relaxed")) {
      throw new Refusal(
          ExitCode.USAGE, "--fsync relaxed and --nodes contradict each other: nodes always sync");
    }
    directory.take(isTemporary);
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(this::stopInOrder, "stop"));
      endEarlierProcesses();
      List<ListenAddress> addresses = apiAddresses();
      makeNodes(addresses);
      IntStream.rangeClosed(1, size).forEach(this::start);
      if (awaitReady()) {
        out.print(greeting(addresses));
        out.flush();
        playUntilStopped();
      }
    } finally {
      end();
    }
    return failed.get();
  }

  /** Of a {@code kindstead dev} that was killed and could not take its nodes with it. */
  private void endEarlierProcesses() {
    for (int node = 1; node <= size; node++) {
      Optional<ProcessHandle> left = directory.process(node);
      if (left.isPresent()) {
        left.get().destroyForcibly();
        left.get().onExit().join();
        out.println("Ended node " + node + " of an earlier run.");
      }
      directory.takeStartRequest(node);
    }
  }

  /** The port that was asked for, and those after it. */
  private List<ListenAddress> apiAddresses() {
    ListenAddress first = configuration.get(Setting.LISTEN);
    try {
      List<Integer> ports =
          first.port() == 0
              ? DevDirectory.freePorts(size)
              : IntStream.range(first.port(), first.port() + size).boxed().toList();
      return ports.stream().map(port -> new ListenAddress(first.host(), port)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void makeNodes(List<ListenAddress> addresses) {
    List<String> nodeAddresses = directory.nodeAddresses(size);
    for (int number = 1; number <= size; number++) {
      List<String> arguments = new ArrayList<>();
      arguments.add("--join=" + String.join(",", nodeAddresses));
      arguments.add("--listen=" + addresses.get(number - 1));
      arguments.add("--node-listen=" + nodeAddresses.get(number - 1));
      arguments.add("--data-dir=" + directory.data(number));
      for (Setting<?> setting : Setting.ALL) {
        if (!NOT_PASSED_ON.contains(setting)) {
          configuration
              .choice(setting)
              .ifPresent(choice -> arguments.add(setting.flag() + "=" + choice.text()));
        }
      }
      directory.rememberApi(number, url(addresses.get(number - 1)));
      int mine = number;
      nodes.add(
          new DevNode(number, arguments, out, ready::countDown, code -> nodeEnded(mine, code)));
    }
  }

  private void start(int number) {
    try {
      directory.remember(number, nodes.get(number - 1).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** On the node's own thread. */
  private void nodeEnded(int number, int code) {
    if (stop.getCount() == 0) {
      return;
    }
    if (ready.getCount() > 0) {
      failed.compareAndSet(ExitCode.OK, code == ExitCode.OK ? ExitCode.UNEXPECTED : code);
    }
    nodes
        .get(number - 1)
        .say(
            "ended with code %d. The others go on; %s starts it again."
                .formatted(code, directory.startCommand(number)));
  }

  /** False when a node has ended meanwhile, or all shall end. */
  private boolean awaitReady() {
    while (stop.getCount() > 0 && failed.get() == ExitCode.OK) {
      if (await(ready)) {
        return true;
      }
    }
    return false;
  }

  private void playUntilStopped() {
    while (!await(stop)) {
      for (int number = 1; number <= size; number++) {
        if (directory.takeStartRequest(number) && !nodes.get(number - 1).isAlive()) {
          nodes.get(number - 1).say("starts again");
          start(number);
        }
      }
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void end() {
    stop.countDown();
    nodes.forEach(DevNode::stop);
    nodes.forEach(node -> node.awaitEnd(STOP_SECONDS_MAX));
    if (isTemporary) {
      directory.deleteAll();
    }
    directory.close();
    stopped.countDown();
  }

  /** The process's end waits for the nodes'; a stop in order is a success, also by a signal. */
  private void stopInOrder() {
    boolean bySignal = stop.getCount() > 0;
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (bySignal) {
      Runtime.getRuntime().halt(ExitCode.OK);
    }
  }

  private String greeting(List<ListenAddress> addresses) {
    List<String> reachable = addresses.stream().map(DevCluster::reachable).toList();
    String data =
        isTemporary
            ? "data in %s until it ends".formatted(directory.path())
            : "data in " + directory.path();
    String where = directory.option();
    return """

    Kindstead %1$s for development: %2$d nodes, %3$s.

    API endpoints: %4$s
    If you are using a library that supports the DATASTORE_EMULATOR_HOST environment variable, run:

      export DATASTORE_EMULATOR_HOST=%5$s
      export DATASTORE_PROJECT_ID=%6$s

    Play with it from another terminal:

      kindstead cluster status --endpoint %5$s
      kindstead node kill 2%7$s      (and pause, start)

    Dev App Server is now running.
    """
        .formatted(
            VersionCommand.version(),
            size,
            data,
            addresses.stream().map(this::url).collect(Collectors.joining(" ")),
            reachable.getFirst(),
            configuration.get(Setting.PROJECT),
            where);
  }

  private String url(ListenAddress listen) {
    String scheme = configuration.find(Setting.TLS_CERTIFICATE).isPresent() ? "https" : "http";
    return scheme + "://" + reachable(listen);
  }

  private static String reachable(ListenAddress listen) {
    boolean any = listen.host().equals("0.0.0.0") || listen.host().equals("::");
    return any ? new ListenAddress("localhost", listen.port()).toString() : listen.toString();
  }
}
