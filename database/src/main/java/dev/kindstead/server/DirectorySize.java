package dev.kindstead.server;

import dev.kindstead.environment.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much the files of the data directory take, measured anew when somebody asks: who asks never
 * waits for the disk, and gets what was measured last. Thread-safe.
 */
final class DirectorySize {
  private static final Logger LOG = LoggerFactory.getLogger(DirectorySize.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final DataDirectory directory;
  private final Clock clock;
  private final Executor executor;

  /** From when on it is measured again, by the monotonic clock. */
  private final AtomicLong due;

  private volatile Map<String, Long> bytes = Map.of();

  /**
   * @param executor may block for a moment
   */
  DirectorySize(DataDirectory directory, Clock clock, Executor executor) {
    this.directory = directory;
    this.clock = clock;
    this.executor = executor;
    due = new AtomicLong(clock.monotonicNanos());
    measureIfDue();
  }

  private void measureIfDue() {
    long now = clock.monotonicNanos();
    long at = due.get();
    if (now - at >= 0 && due.compareAndSet(at, now + INTERVAL.toNanos())) {
      executor.execute(this::measure);
    }
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
    measureIfDue();
    return bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The same of what belongs to one replica group. */
  long bytes(String group) {
    measureIfDue();
    return bytes.getOrDefault(group, 0L);
  }
}
