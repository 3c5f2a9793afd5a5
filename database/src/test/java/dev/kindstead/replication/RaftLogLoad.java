package dev.kindstead.replication;

import com.sun.management.OperatingSystemMXBean;
import dev.kindstead.replication.RaftLogOptions.Durability;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures one process of single-member groups: entries a second, CPU microseconds an entry, and
 * threads. Arguments: groups, seconds a point, a directory on the disk to measure, and, for one
 * point only, entry bytes and entries in flight a group.
 */
final class RaftLogLoad {
  private static final int[] ENTRY_BYTES = {256, 1_024, 8_192, 32_768};
  private static final int[] IN_FLIGHT = {1, 4, 16};

  private final List<RaftLog> logs = new ArrayList<>();
  private final int seconds;

  private RaftLogLoad(int seconds) {
    this.seconds = seconds;
  }

  public static void main(String[] arguments) throws Exception {
    int groups = Integer.parseInt(arguments[0]);
    var load = new RaftLogLoad(Integer.parseInt(arguments[1]));
    Path directory = Files.createTempDirectory(Path.of(arguments[2]), "raft-load");
    int threadsBefore = Thread.activeCount();
    load.open(groups, directory);
    System.out.printf("%d groups, %d threads%n", groups, platformThreads());
    load.measure(256, 16);
    load.measure(8_192, 4);
    if (arguments.length > 3) {
      System.out.println(
          load.measure(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4])));
    } else {
      for (int bytes : ENTRY_BYTES) {
        for (int inFlight : IN_FLIGHT) {
          System.out.println(load.measure(bytes, inFlight));
        }
      }
    }
    System.out.printf("%d threads, %d before%n", platformThreads(), threadsBefore);
    load.logs.forEach(RaftLog::close);
    System.out.printf("%d bytes on disk%n", sizeOf(directory));
    System.exit(0);
  }

  private static int platformThreads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private static long sizeOf(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void open(int groups, Path directory) throws InterruptedException {
    for (int g = 0; g < groups; g++) {
      var log =
          new RaftLog(
              RaftLogOptions.single("g" + g, "n1", directory.resolve("g" + g), Durability.SYNC));
      log.start(new Sink());
      logs.add(log);
    }
    Thread.sleep(1_500);
  }

  private String measure(int bytes, int inFlight) throws Exception {
    var cpu = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var permits = new Semaphore(inFlight * logs.size());
    var applied = new AtomicLong();
    var lost = new AtomicLong();
    byte[] entry = new byte[bytes];
    new java.util.Random(1).nextBytes(entry);
    long cpuBefore = cpu.getProcessCpuTime();
    long start = System.nanoTime();
    for (long n = 0; System.nanoTime() - start < seconds * 1_000_000_000L; n++) {
      permits.acquire();
      logs.get((int) (n % logs.size()))
          .propose(
              entry,
              outcome -> {
                (outcome == ReplicatedLog.Outcome.APPLIED ? applied : lost).incrementAndGet();
                permits.release();
              });
    }
    permits.acquire(inFlight * logs.size());
    double elapsed = (System.nanoTime() - start) / 1e9;
    double cpuMicros = (cpu.getProcessCpuTime() - cpuBefore) / 1e3;
    return "%6d B, %2d in flight a group: %8.0f entries/s, %6.1f us CPU an entry, %d lost"
        .formatted(bytes, inFlight, applied.get() / elapsed, cpuMicros / applied.get(), lost.get());
  }

  /** Applies nothing. */
  private static final class Sink implements LogReader {
    private volatile long applied;

    @Override
    public void apply(List<LogEntry> entries) {
      applied = entries.getLast().logIndex();
    }

    @Override
    public long appliedLogIndex() {
      return applied;
    }

    @Override
    public void leaderStarted(long term) {}

    @Override
    public void leaderStopped(long term) {}

    @Override
    public long saveCheckpoint(Path directory) {
      return applied;
    }

    @Override
    public void loadCheckpoint(Path directory) {}

    @Override
    public void failed(Throwable cause) {
      cause.printStackTrace();
    }
  }
}
