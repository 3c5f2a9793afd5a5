package dev.kindstead.cli;

import dev.kindstead.directory.NodeIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a development cluster: {@code node-N/}, a node's data; {@code node-N.process},
 * its process; {@code node-N.api}, where its API is; {@code node-N.start}, somebody's wish that it
 * be started; {@code cluster}, the addresses at which the nodes reach each other; {@code lock},
 * held by the {@code kindstead dev} that runs it.
 *
 * <p>Confined to one thread, but for what is said to be otherwise.
 */
final class DevDirectory implements AutoCloseable {
  private static final String CLUSTER_FILE = "cluster";
  private static final String FIRST_LINE = "kindstead-dev-cluster 1";

  /** In a node's data directory: its id before it belongs to a cluster. */
  private static final String CANDIDATE_FILE = "candidate";

  private static final String LOCK_FILE = "lock";

  private final Path directory;
  private @Nullable FileChannel lock;

  private DevDirectory(Path directory) {
    this.directory = directory;
  }

  /** A directory that is there, or not. */
  static DevDirectory at(Path directory) {
    return new DevDirectory(directory.toAbsolutePath().normalize());
  }

  /** Where a cluster lives that nobody gave a directory: its data is not meant to stay. */
  static Path temporary() {
    return Path.of(
        System.getProperty("java.io.tmpdir"), "kindstead-dev-" + System.getProperty("user.name"));
  }

  Path path() {
    return directory;
  }

  /** By which commands find it, with a space before it; empty where they look by themselves. */
  String option() {
    return isDefault() ? "" : " --data-dir " + directory;
  }

  /** What starts a node again. */
  String startCommand(int node) {
    return command("start", node);
  }

  /** What ends it at once. */
  String killCommand(int node) {
    return command("kill", node);
  }

  private String command(String verb, int node) {
    return "\"kindstead node %s %d%s\"".formatted(verb, node, option());
  }

  private boolean isDefault() {
    return directory.equals(temporary().toAbsolutePath().normalize());
  }

  Path data(int node) {
    return directory.resolve("node-" + node);
  }

  /**
   * Makes the directory where there is none, takes its lock, and empties it if it is temporary.
   *
   * @throws Refusal when another process holds it, or it is something else's
   */
  void take(boolean isTemporary) {
    try {
      create();
      checkOurs();
      lock();
      if (isTemporary) {
        delete(each -> !each.equals(directory.resolve(LOCK_FILE)) && !each.equals(directory));
      }
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.DATA_NOT_ACCESSIBLE,
          "can't use the data directory %s: %s\nIt must be a directory this user can read and write."
              .formatted(directory, e));
    }
  }

  /** For this user alone: others may not put a directory of theirs in the place of ours. */
  private void create() throws IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      String user = System.getProperty("user.name");
      if (isDefault()
          && (Files.isSymbolicLink(directory)
              || !Files.getOwner(directory).getName().endsWith(user))) {
        throw new Refusal(
            ExitCode.DATA_NOT_OURS,
            "%s is not this user's: choose another directory with --data-dir".formatted(directory));
      }
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (posix) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(directory);
    }
  }

  private void checkOurs() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      boolean foreign =
          files
              .map(file -> file.getFileName().toString())
              .anyMatch(name -> !name.equals(LOCK_FILE));
      if (foreign && !Files.exists(directory.resolve(CLUSTER_FILE))) {
        throw new Refusal(
            ExitCode.DATA_NOT_OURS,
            "%s is no development cluster's: it has no file \"%s\". Choose another --data-dir, or leave out --nodes."
                .formatted(directory, CLUSTER_FILE));
      }
    }
  }

  private void lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new Refusal(
          ExitCode.DATA_IN_USE,
          "a development cluster runs in %s already: stop it, or choose another --data-dir"
              .formatted(directory));
    }
    lock = channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  /** Whether a {@code kindstead dev} runs the cluster. */
  boolean isRunning() {
    Path file = directory.resolve(LOCK_FILE);
    if (!Files.exists(file)) {
      return false;
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return tryLock(channel) == null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where the nodes reach each other: free ports of this machine, chosen once.
   *
   * @throws Refusal when the directory's cluster has another size
   */
  List<String> nodeAddresses(int nodes) {
    Path file = directory.resolve(CLUSTER_FILE);
    try {
      if (!Files.exists(file)) {
        List<String> addresses =
            freePorts(nodes).stream().map(port -> "127.0.0.1:" + port).toList();
        nameNodes(nodes);
        Files.writeString(file, FIRST_LINE + "\n" + String.join("\n", addresses) + "\n");
        return addresses;
      }
      List<String> lines = Files.readAllLines(file);
      if (lines.isEmpty() || !lines.getFirst().equals(FIRST_LINE)) {
        throw new Refusal(
            ExitCode.DATA_NOT_OURS,
            "can't read %s: it does not begin with \"%s\"".formatted(file, FIRST_LINE));
      }
      if (lines.size() != nodes + 1) {
        throw new Refusal(
            ExitCode.USAGE,
            "the cluster in %s has %d nodes: start it with --nodes %2$d"
                .formatted(directory, lines.size() - 1));
      }
      return List.copyOf(lines.subList(1, lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Founders are numbered in the order of their ids: ids that rise make node 1 of this directory
   * node 1 of the cluster.
   */
  private void nameNodes(int nodes) throws IOException {
    var random = new SecureRandom();
    List<String> ids =
        Stream.generate(() -> NodeIdentity.mintNodeId(random)).limit(nodes).sorted().toList();
    for (int node = 1; node <= nodes; node++) {
      Files.createDirectories(data(node));
      Files.writeString(data(node).resolve(CANDIDATE_FILE), ids.get(node - 1) + "\n");
    }
  }

  /** How many nodes the cluster has; zero when there is none. */
  int size() {
    try {
      Path file = directory.resolve(CLUSTER_FILE);
      return Files.exists(file) ? Files.readAllLines(file).size() - 1 : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ports that nobody listens on now. */
  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Remembers a node's process. From any thread. */
  void remember(int node, ProcessHandle process) throws IOException {
    Files.writeString(processFile(node), OwnProcess.text(process));
  }

  /** The node's process, if it is still there. */
  Optional<ProcessHandle> process(int node) {
    Path file = processFile(node);
    try {
      return Files.exists(file) ? OwnProcess.find(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Remembers where a node's API is. */
  void rememberApi(int node, String url) {
    try {
      Files.writeString(apiFile(node), url);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the node's API is, if it was started by this version. */
  Optional<String> api(int node) {
    Path file = apiFile(node);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path apiFile(int node) {
    return directory.resolve("node-" + node + ".api");
  }

  private Path processFile(int node) {
    return directory.resolve("node-" + node + ".process");
  }

  private Path startFile(int node) {
    return directory.resolve("node-" + node + ".start");
  }

  /** Asks whoever runs the cluster to start a node. */
  void requestStart(int node) {
    try {
      Files.writeString(startFile(node), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether somebody has asked that since the last time. */
  boolean takeStartRequest(int node) {
    try {
      return Files.deleteIfExists(startFile(node));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a temporary cluster with all its data. */
  void deleteAll() {
    try {
      delete(_ -> true);
    } catch (IOException e) {
      // The next start in the same place tries again.
    }
  }

  private void delete(Predicate<Path> chosen) throws IOException {
    List<Path> doomed;
    try (Stream<Path> files = Files.walk(directory)) {
      doomed = files.filter(chosen).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : doomed) {
      Files.deleteIfExists(each);
    }
  }

  @Override
  public void close() {
    FileChannel held = lock;
    if (held != null) {
      try {
        held.close();
      } catch (IOException e) {
        // The lock ends with the process at the latest.
      }
    }
  }
}
