package dev.kindstead.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** nginx as {@code deploy/nginx} configures it: a port for gRPC, and one for HTTP/1.1. */
final class Nginx implements Balancer {
  private static final String SITE = "kindstead.conf";

  private final Process process;
  private final Path directory;
  private final List<? extends Endpoint> nodes;
  private final int grpcPort;
  private final int httpPort;

  private Nginx(
      Process process, Path directory, List<? extends Endpoint> nodes, int grpcPort, int httpPort) {
    this.process = process;
    this.directory = directory;
    this.nodes = nodes;
    this.grpcPort = grpcPort;
    this.httpPort = httpPort;
  }

  static Optional<Path> program() {
    return Balancer.installed("nginx");
  }

  static Nginx before(List<? extends Endpoint> nodes, Path directory) throws Exception {
    int grpcPort = KindsteadProcess.freePort();
    int httpPort = KindsteadProcess.freePort();
    String site =
        Balancer.shipped("deploy/nginx/" + SITE, nodes)
            .replaceFirst("(?m)^ +listen 8081 http2;$", listen(grpcPort, " http2"))
            .replaceFirst("(?m)^ +listen 8080;$", listen(httpPort, ""));
    Files.writeString(directory.resolve(SITE), site);
    Path log = Files.createDirectories(Path.of("target", "servers")).resolve("nginx.log");
    Path file = Files.writeString(directory.resolve("nginx.conf"), around(directory));
    Process process =
        new ProcessBuilder(
                program().orElseThrow().toString(),
                "-p",
                directory.toString(),
                "-c",
                file.toString(),
                "-e",
                "stderr")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Balancer.awaitReady(process, grpcPort, log);
    return new Nginx(process, directory, nodes, grpcPort, httpPort);
  }

  private static String listen(int port, String protocol) {
    return "    listen 127.0.0.1:" + port + protocol + ";";
  }

  /**
   * What a system's own nginx.conf says around it; as whoever runs this, who owns the directory.
   */
  private static String around(Path directory) {
    String temporary = "%s_temp_path " + directory.resolve("temporary") + ";\n";
    return """
    daemon off;
    user %s;
    worker_processes 1;
    pid nginx.pid;
    events { worker_connections 1024; }
    http {
    access_log off;
    %s
    include %s;
    }
    """
        .formatted(
            System.getProperty("user.name"),
            temporary.formatted("client_body")
                + temporary.formatted("proxy")
                + temporary.formatted("fastcgi")
                + temporary.formatted("uwsgi")
                + temporary.formatted("scgi"),
            directory.resolve(SITE));
  }

  /** Takes a node out, or back in, as deploy/README.md tells. */
  void setDown(int node, boolean down) throws IOException, InterruptedException {
    Path site = directory.resolve(SITE);
    String server = "server 127.0.0.1:" + nodes.get(node).port();
    String now = Files.readString(site).replace(server + " down", server);
    Files.writeString(site, down ? now.replace(server, server + " down") : now);
    int reloaded =
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
            .inheritIO()
            .start()
            .waitFor();
    if (reloaded != 0) {
      throw new IllegalStateException("nginx has ended");
    }
  }

  @Override
  public Endpoint overGrpc() {
    return () -> grpcPort;
  }

  @Override
  public Endpoint overHttp() {
    return () -> httpPort;
  }

  @Override
  public void close() throws InterruptedException {
    Balancer.stop(process);
  }
}
