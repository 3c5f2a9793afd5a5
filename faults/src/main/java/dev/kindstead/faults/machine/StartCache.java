package dev.kindstead.faults.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An AOT cache for the nodes' starts, of which a run has hundreds: it takes a third of the
 * processor time off each. It is made once for a built jar; where it can't be made, starts go
 * without.
 */
final class StartCache {
  private static final Duration TRAINING_MAX = Duration.ofMinutes(2);

  private StartCache() {}

  /**
   * What is to be added to a node's options for the JVM; empty without a cache.
   *
   * @param root of the repository, in which the cache is kept
   * @param javaOptions that the nodes are started with: a cache is of one set of options
   */
  static String option(Path root, String javaOptions) {
    Path jar = root.resolve("database/target/kindstead/kindstead.jar");
    Path target = root.resolve("faults/target");
    Path cache = target.resolve("node-starts.aot");
    try {
      if (!Files.exists(jar) || !Files.isDirectory(target)) {
        return "";
      }
      if (!isOf(cache, jar)) {
        Files.deleteIfExists(cache);
        train(root, javaOptions + " -XX:AOTCacheOutput=" + cache, target.resolve("training.log"));
      }
      return isOf(cache, jar) ? " -XX:AOTCache=" + cache : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOf(Path cache, Path jar) throws IOException {
    return Files.exists(cache)
        && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) >= 0;
  }

  private static void train(Path root, String javaOptions, Path log) throws IOException {
    var builder =
        new ProcessBuilder(root.resolve("kindstead").toString(), "train")
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(log.toFile()));
    builder
        .environment()
        .putAll(Map.of("KINDSTEAD_JAVA_OPTIONS", javaOptions, "KINDSTEAD_NO_BUILD", "true"));
    Process training = builder.start();
    try {
      if (!training.waitFor(TRAINING_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        training.destroyForcibly();
      }
    } catch (InterruptedException e) {
      training.destroyForcibly();
      throw new IllegalStateException(e);
    }
  }
}
