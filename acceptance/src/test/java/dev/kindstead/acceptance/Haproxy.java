package dev.kindstead.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** HAProxy as {@code deploy/haproxy} configures it: one port for all. */
final class Haproxy implements Endpoint, Balancer {
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

  static Optional<Path> program() {
    return Balancer.installed("haproxy");
  }

  static Haproxy before(List<? extends Endpoint> nodes, Path directory) throws Exception {
    int port = KindsteadProcess.freePort();
    String configuration =
        Balancer.shipped("deploy/haproxy/haproxy.cfg", nodes)
            .replaceFirst("(?m)^ +bind :8081$", "    bind 127.0.0.1:" + port);
    Path file = Files.writeString(directory.resolve("haproxy.cfg"), configuration);
    Path log = Files.createDirectories(Path.of("target", "servers")).resolve("haproxy.log");
    Process process =
        new ProcessBuilder(program().orElseThrow().toString(), "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Balancer.awaitReady(process, port, log);
    return new Haproxy(process, port, log);
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
  public Endpoint overGrpc() {
    return this;
  }

  @Override
  public Endpoint overHttp() {
    return this;
  }

  @Override
  public void close() throws InterruptedException {
    Balancer.stop(process);
  }
}
