package dev.kindstead.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Processor time of this process's threads, native ones included, by thread. Immutable. */
record ThreadCpu(Map<String, Long> nanos) {
  private static final Path THREADS = Path.of("/proc/self/task");

  /** Of threads that have ended nothing is known any more. */
  static ThreadCpu now() {
    Map<String, Long> nanos = new HashMap<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path thread : threads) {
        String name = Files.readString(thread.resolve("comm")).strip() + "/" + thread.getFileName();
        String spent = Files.readString(thread.resolve("schedstat")).split(" ")[0];
        nanos.put(name, Long.parseLong(spent));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ThreadCpu(nanos);
  }

  ThreadCpu since(ThreadCpu before) {
    Map<String, Long> spent = new HashMap<>(nanos);
    before.nanos.forEach(
        (thread, earlier) -> spent.computeIfPresent(thread, (_, now) -> now - earlier));
    return new ThreadCpu(spent);
  }

  /** Of the threads whose names begin so. */
  double micros(String name) {
    return nanos.entrySet().stream()
            .filter(thread -> thread.getKey().startsWith(name))
            .mapToLong(Map.Entry::getValue)
            .sum()
        / 1e3;
  }
}
