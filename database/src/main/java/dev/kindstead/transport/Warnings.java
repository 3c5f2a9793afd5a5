package dev.kindstead.transport;

import dev.kindstead.environment.Clock;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refused connections in the log, once a minute for each machine. Thread-safe. */
final class Warnings {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTransport.class);
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MACHINES_MAX = 1_024;

  private final Map<String, Long> warnedNanos = new ConcurrentHashMap<>();
  private final Clock clock;

  Warnings(Clock clock) {
    this.clock = clock;
  }

  void refused(SocketAddress remote, String reason) {
    String machine =
        remote instanceof InetSocketAddress address ? address.getHostString() : remote.toString();
    long now = clock.monotonicNanos();
    Long before = warnedNanos.get(machine);
    if (before != null && now - before < PAUSE_NANOS) {
      LOG.debug("no connection with {}: {}", remote, reason);
      return;
    }
    if (warnedNanos.size() >= MACHINES_MAX) {
      warnedNanos.clear();
    }
    warnedNanos.put(machine, now);
    LOG.warn("no connection with {}: {}", remote, reason);
  }
}
