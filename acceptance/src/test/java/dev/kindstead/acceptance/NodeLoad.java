package dev.kindstead.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The program clients/node/load.mjs: load through Google's client for Node.js, which is gRPC. */
final class NodeLoad implements AutoCloseable {
  private static final Duration END_MAX = Duration.ofSeconds(60);

  private final Process process;
  private final Path output;

  NodeLoad(Path program, Endpoint server, Path directory) throws IOException {
    output = directory.resolve("load.log");
    var builder =
        new ProcessBuilder("node", "load.mjs")
            .directory(program.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(ClientProgram.environment(server, Projects.fresh()));
    process = builder.start();
  }

  /** Lets it end what it does; what it prints then: what was done, and each failure. */
  String end() throws IOException, InterruptedException {
    process.destroy();
    process.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS);
    return Files.readString(output);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
