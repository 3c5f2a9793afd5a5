package dev.kindstead.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How soon the development server answers, and how much memory it keeps when idle. */
@Command(name = "startup", description = "Time to the first answer of `dev`, and its memory.")
final class StartupCommand implements Runnable {
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final long MEBIBYTE = 1 << 20;

  @Option(names = "--times", defaultValue = "6")
  private int times;

  @Override
  public void run() {
    Path scratch = Repository.scratch();
    System.out.println("| start | ms to the first answer | MiB resident after 10 s idle |");
    System.out.println("| --- | ---: | ---: |");
    for (int i = 0; i < times; i++) {
      // The first may build and prepare; it is printed, not to be counted.
      once(scratch, i == 0 ? "first" : "warm");
    }
    Repository.delete(scratch);
  }

  private static void once(Path scratch, String title) {
    int port = Ports.free();
    long begun = System.nanoTime();
    try (ServerProcess server =
            ServerProcess.started(
                "kindstead dev",
                port,
                scratch.resolve("dev.log"),
                List.of(Repository.launcher().toString(), "dev", "--listen", "localhost:" + port));
        HttpClient http = HttpClient.newHttpClient()) {
      http.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/")).build(),
          BodyHandlers.discarding());
      long millis = (System.nanoTime() - begun) / 1_000_000;
      Thread.sleep(IDLE);
      System.out.printf("| %s | %d | %d |%n", title, millis, server.residentBytes() / MEBIBYTE);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
