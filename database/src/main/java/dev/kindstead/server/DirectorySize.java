package dev.kindstead.server;

import dev.kindstead.environment.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much the files of the data directory take, measured now and then: who asks never waits for
 * the disk. Thread-safe.
 */
final class DirectorySize implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectorySize.class);
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final DataDirectory directory;
  private final Periodic periodic;
  private volatile long bytes;

  /**
   * @param executor may block for a moment
   */
  DirectorySize(DataDirectory directory, Timers timers, Executor executor) {
    this.directory = directory;
    executor.execute(this::measure);
    periodic = new Periodic(INTERVAL, timers, () -> executor.execute(this::measure));
  }

  private void measure() {
    try {
      bytes = directory.usedBytes();
    } catch (IOException e) {
      LOG.debug("can't measure the data directory", e);
    }
  }

  /** As measured last; zero before the first time. */
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    periodic.close();
  }
}
