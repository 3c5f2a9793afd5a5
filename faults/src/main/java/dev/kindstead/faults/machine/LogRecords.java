package dev.kindstead.faults.machine;

import dev.kindstead.replication.LogEventFile;
import dev.kindstead.replication.LogLife;
import dev.kindstead.simulation.check.LogContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the nodes of a cluster record of their replicated logs, on a disk that no fault befalls, and
 * whether the logs' contract allows it. It may be looked at while nodes run: what they have not
 * recorded yet may be anything.
 */
public final class LogRecords {
  private final Path directory;

  /**
   * @param directory for the records of all nodes; those of former clusters are deleted
   */
  LogRecords(Path directory) {
    this.directory = Machine.directory(directory);
    try (Stream<Path> former = Files.list(directory)) {
      for (Path each : former.toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is to be added to a node's options for the JVM. */
  String option() {
    return " -Dkindstead.log-records=" + directory;
  }

  /**
   * What came of a look.
   *
   * @param lives of replicas, and what happened in them
   */
  public record Judged(int lives, long events, List<String> anomalies) {}

  /** Looks at everything since the cluster's first start. */
  public Judged judge() {
    List<LogLife> lives;
    try {
      lives = LogEventFile.readAll(directory);
    } catch (IllegalArgumentException unreadable) {
      return new Judged(0, 0, List.of("records of logs: " + unreadable.getMessage()));
    }
    long events = lives.stream().mapToLong(life -> life.events().size()).sum();
    // Not judged is not passed.
    List<String> anomalies =
        events == 0 ? List.of("nothing is recorded of logs") : LogContract.anomalies(lives);
    return new Judged(lives.size(), events, anomalies);
  }
}
