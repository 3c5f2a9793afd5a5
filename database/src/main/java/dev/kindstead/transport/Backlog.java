package dev.kindstead.transport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a node has asked another and still keeps, within {@link Limits}. Thread-safe. */
final class Backlog {
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /** Whether there is room; if so it is taken. */
  boolean admit(int requestBytes) {
    if (requests.incrementAndGet() > Limits.OUTSTANDING_REQUESTS_MAX) {
      ended();
      return false;
    }
    if (bytes.addAndGet(requestBytes) > Limits.QUEUED_BYTES_MAX) {
      left(requestBytes);
      ended();
      return false;
    }
    return true;
  }

  /** A request has its answer, or never will. */
  void ended() {
    requests.decrementAndGet();
  }

  /** Bytes are on the wire, or never will be. */
  void left(long requestBytes) {
    bytes.addAndGet(-requestBytes);
  }
}
