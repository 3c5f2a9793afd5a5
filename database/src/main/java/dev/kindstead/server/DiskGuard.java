package dev.kindstead.server;

import dev.kindstead.environment.Timers;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meets a full disk before the disk is full: with less usable space than the headroom, writes are
 * refused while reads go on; with a little more they are accepted again. Deletes may use half of
 * the headroom, so that space can be won back; the log's own bookkeeping uses the rest.
 *
 * <p>Thread-safe; the disk is asked on the executor, never by a request.
 */
final class DiskGuard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DiskGuard.class);

  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  /** Asks how much space this process may still use. */
  @FunctionalInterface
  interface UsableSpace {
    long bytes() throws IOException;
  }

  private final UsableSpace space;
  private final long headroomBytes;
  private final Timers timers;
  private final Executor executor;
  private volatile long usableBytes;
  private volatile boolean closed;
  private volatile boolean refusesWrites;
  private volatile boolean refusesDeletes;
  private Timers.@Nullable Timer next;

  /**
   * @param executor may block for a moment
   */
  DiskGuard(UsableSpace space, long headroomBytes, Timers timers, Executor executor) {
    this.space = space;
    this.headroomBytes = headroomBytes;
    this.timers = timers;
    this.executor = executor;
    measure();
    plan();
  }

  /** Shows its state among the metrics. */
  void register(MeterRegistry metrics) {
    metrics.gauge("kindstead.disk.usable.bytes", this, guard -> guard.usableBytes);
    metrics.gauge("kindstead.disk.headroom.bytes", this, guard -> guard.headroomBytes);
    metrics.gauge("kindstead.writes.refused", this, guard -> guard.refusesWrites ? 1 : 0);
  }

  /** As measured last. */
  long usableBytes() {
    return usableBytes;
  }

  /**
   * The refusal of a write, if it must be refused.
   *
   * @param onlyDeletes whether it can only win space back
   */
  Optional<DatastoreException> refusal(boolean onlyDeletes) {
    if (onlyDeletes ? !refusesDeletes : !refusesWrites) {
      return Optional.empty();
    }
    return Optional.of(
        new DatastoreException(
                Code.RESOURCE_EXHAUSTED,
                "The disk is almost full: writes are refused until space is freed; reads go on.")
            .with("usableBytes", usableBytes)
            .with("headroomBytes", headroomBytes));
  }

  private synchronized void plan() {
    if (!closed) {
      next = timers.schedule(POLL_INTERVAL, () -> executor.execute(this::measureAndPlan));
    }
  }

  private void measureAndPlan() {
    measure();
    plan();
  }

  private void measure() {
    try {
      usableBytes = space.bytes();
    } catch (IOException e) {
      LOG.warn("can't measure the disk's usable space", e);
      return;
    }
    boolean refused = refusesWrites;
    // Recovers a little above the headroom, so that it does not flicker at its edge.
    long needed = refused ? headroomBytes + headroomBytes / 10 : headroomBytes;
    refusesWrites = usableBytes < needed;
    refusesDeletes = usableBytes < headroomBytes / 2;
    if (refusesWrites && !refused) {
      LOG.error(
          "disk almost full: {} bytes usable, headroom is {}; writes are refused, reads go on",
          usableBytes,
          headroomBytes);
    } else if (refused && !refusesWrites) {
      LOG.info("disk has space again: {} bytes usable; writes are accepted", usableBytes);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (next != null) {
      next.cancel();
    }
  }
}
