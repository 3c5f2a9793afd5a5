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
import java.util.stream.Stream;

/** A balancer in front of nodes, as {@code deploy} configures it, on loopback ports. */
interface Balancer extends AutoCloseable {
  Duration READY_MAX = Duration.ofSeconds(10);
  Duration STOP_MAX = Duration.ofSeconds(5);

  Endpoint overGrpc();

  Endpoint overHttp();

  /** A program, where it is installed; Debian's balancers are not on everybody's path. */
  static Optional<Path> installed(String name) {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
        .map(each -> Path.of(each, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** A shipped configuration in front of other nodes than it names. */
  static String shipped(String file, List<? extends Endpoint> nodes) throws IOException {
    String configuration = Files.readString(KindsteadProcess.root().resolve(file));
    for (int i = 0; i < nodes.size(); i++) {
      configuration =
          configuration.replace(
              "10.0.0.%d:8081".formatted(i + 1), "127.0.0.1:" + nodes.get(i).port());
    }
    return configuration;
  }

  /** Ends with the process when it does not listen in time. */
  static void awaitReady(Process process, int port, Path log) throws Exception {
    long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
    while (true) {
      try (var _ = new Socket("127.0.0.1", port)) {
        return;
      } catch (IOException notYet) {
        if (!process.isAlive() || System.nanoTime() > deadlineNanos) {
          process.destroyForcibly();
          throw new IllegalStateException(
              "the balancer does not listen:\n" + Files.readString(log), notYet);
        }
        Thread.sleep(20);
      }
    }
  }

  static void stop(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  @Override
  void close() throws InterruptedException;
}
