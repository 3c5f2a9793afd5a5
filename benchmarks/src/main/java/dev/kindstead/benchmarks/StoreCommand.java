package dev.kindstead.benchmarks;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the storage room alone costs of a commit. */
@Command(
    name = "store",
    mixinStandardHelpOptions = true,
    description = "CPU of a commit in the store alone, as on a follower: no network, no log.")
final class StoreCommand implements Runnable {
  @Option(names = "--rounds", defaultValue = "5", description = "Measurements, ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--commits", defaultValue = "200000", description = "Of each, ${DEFAULT-VALUE}.")
  private int commits;

  @Option(
      names = "--batch",
      defaultValue = "10",
      description = "Commits a write, ${DEFAULT-VALUE}.")
  private int batch;

  @Override
  public void run() {
    Path scratch = Repository.scratch();
    System.out.println(
        "| commits/s | CPU µs/commit | applying thread | flushes | compactions | the rest |");
    System.out.println("| ---: | ---: | ---: | ---: | ---: | ---: |");
    try (var load = new StoreLoad(scratch, batch)) {
      load.preload();
      load.commit(commits); // warms up
      for (int round = 0; round < rounds; round++) {
        ThreadCpu before = ThreadCpu.now();
        long begun = System.nanoTime();
        load.commit(commits);
        double seconds = (System.nanoTime() - begun) / 1e9;
        ThreadCpu used = ThreadCpu.now().since(before);
        System.out.printf(
            "| %,.0f | %.1f | %.1f | %.1f | %.1f | %.1f |%n",
            commits / seconds,
            used.micros("") / commits,
            used.micros("java") / commits,
            used.micros("rocksdb:high") / commits,
            used.micros("rocksdb:low") / commits,
            (used.micros("") - used.micros("java") - used.micros("rocksdb:")) / commits);
      }
    }
    Repository.delete(scratch);
  }
}
