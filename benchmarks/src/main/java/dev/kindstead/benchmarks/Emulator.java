package dev.kindstead.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Google's two emulators, found through gcloud where they are installed. Immutable. */
enum Emulator {
  DATASTORE("Datastore emulator", "platform/cloud-datastore-emulator/cloud_datastore_emulator") {
    @Override
    List<String> command(String program, int port) {
      return List.of(
          program,
          "start",
          "--host=127.0.0.1",
          "--port=" + port,
          "--testing",
          "--no-store-on-disk");
    }
  },
  FIRESTORE("Firestore emulator", "platform/cloud-firestore-emulator/cloud_firestore_emulator") {
    @Override
    List<String> command(String program, int port) {
      return List.of(
          program, "--host=127.0.0.1", "--port=" + port, "--database-mode=datastore-mode");
    }
  };

  private final String title;
  private final String path;

  Emulator(String title, String path) {
    this.title = title;
    this.path = path;
  }

  abstract List<String> command(String program, int port);

  /** Empty, saying why, where it is not installed. */
  Optional<ServerProcess> start(Path directory) {
    Optional<Path> program =
        sdkRoots().map(root -> root.resolve(path)).filter(Files::exists).findFirst();
    if (program.isEmpty()) {
      System.out.println("SKIPPED: " + title + ": no gcloud with it on the PATH");
      return Optional.empty();
    }
    int port = Ports.free();
    Path log = directory.resolve(name().toLowerCase(Locale.ROOT) + ".log");
    try {
      return Optional.of(
          ServerProcess.started(title, port, log, command(program.get().toString(), port)));
    } catch (IllegalStateException e) {
      System.out.println("SKIPPED: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** What gcloud says; nothing where there is none. */
  private static Stream<Path> sdkRoots() {
    try {
      Process gcloud =
          new ProcessBuilder("gcloud", "info", "--format=value(installation.sdk_root)")
              .redirectError(Redirect.DISCARD)
              .start();
      String root = new String(gcloud.getInputStream().readAllBytes(), UTF_8).strip();
      return root.isEmpty() ? Stream.empty() : Stream.of(Path.of(root));
    } catch (IOException notInstalled) {
      return Stream.empty();
    }
  }
}
