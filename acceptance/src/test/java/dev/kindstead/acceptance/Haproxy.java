package dev.kindstead.acceptance;

import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** HAProxy as {@code deploy/haproxy} configures it, on loopback ports. */
final class Haproxy implements Endpoint, AutoCloseable {
  private static final Duration READY_MAX = Duration.ofSeconds(10);
  private static final Duration STOP_MAX = Duration.ofSeconds(5);

  /**
   * Statuses 5xx, and none; and commits whose outcome nobody knows, which HAProxy answers itself.
   */
  private static final Pattern FAILED =
      Pattern.compile(
          " (nodes|commits)/\\S+ \\S+ (5\\d\\d|-1) | commits/inside \\S+ 200 \\d+ - - L");

  private final Process process;
  private final int port;
  private final Path log;

  private Haproxy(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /** The program, where it is installed; Debian's is not on everybody's path. */
  static Optional<Path> program() {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
        .map(each -> Path.of(each, "haproxy"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Haproxy before(List<? extends Endpoint> nodes, Path directory) throws Exception {
    int port = KindsteadProcess.freePort();
    String configuration =
        Files.readString(KindsteadProcess.root().resolve("deploy/haproxy/haproxy.cfg"))
            .replaceFirst("(?m)^ +bind :8081$", "    bind 127.0.0.1:" + port);
    for (int i = 0; i < nodes.size(); i++) {
      configuration =
          configuration.replace(
              "10.0.0.%d:8081".formatted(i + 1), "127.0.0.1:" + nodes.get(i).port());
    }
    Path file = Files.writeString(directory.resolve("haproxy.cfg"), configuration);
    Path log = Files.createDirectories(Path.of("target", "servers")).resolve("haproxy.log");
    Process process =
        new ProcessBuilder(program().orElseThrow().toString(), "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    var haproxy = new Haproxy(process, port, log);
    haproxy.awaitReady();
    return haproxy;
  }

  private void awaitReady() throws Exception {
    long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
    while (true) {
      try (var _ = new Socket("127.0.0.1", port)) {
        return;
      } catch (IOException notYet) {
        if (!process.isAlive() || System.nanoTime() > deadlineNanos) {
          process.destroyForcibly();
          throw new IllegalStateException("haproxy does not listen:\n" + log(), notYet);
        }
        Thread.sleep(20);
      }
    }
  }

  /** Whether a line of the log is about a request that the client got no good answer to. */
  static boolean tellsFailure(String line) {
    return FAILED.matcher(line).find();
  }

  /** A line for each request. */
  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
