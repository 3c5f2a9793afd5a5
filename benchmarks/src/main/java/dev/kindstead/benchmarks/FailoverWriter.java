package dev.kindstead.benchmarks;

import java.io.IOException;
import java.util.List;

/**
 * Writes one new entity after the other, each again until it is acknowledged. It has a node of its
 * own, and goes to the next one when that cannot be reached, as behind a balancer. Runs on a thread
 * of its own; what others ask it is thread-safe.
 */
final class FailoverWriter implements Runnable {
  /** Few enough writes that the machine is far from busy; the gaps are known to the millisecond. */
  private static final long BETWEEN_MILLIS = 20;

  private static final long AGAIN_MILLIS = 10;
  private static final int OK = 200;

  private final DatastoreOverHttp datastore;
  private final Dataset data;
  private final List<Integer> ports;
  private final int home;
  private final int first;
  private final Acknowledgements acknowledgements = new Acknowledgements();
  private volatile int node;
  private volatile int acknowledged;
  private volatile int repeated;
  private volatile long latestBegunNanos = Long.MIN_VALUE;
  private volatile boolean stopped;

  /**
   * @param home the number of the node it writes through
   * @param first the number of the first entity it writes
   */
  FailoverWriter(
      DatastoreOverHttp datastore, Dataset data, List<Integer> ports, int home, int first) {
    this.datastore = datastore;
    this.data = data;
    this.ports = ports;
    this.home = home;
    this.first = first;
    this.node = home;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // written on its own thread only
  public void run() {
    while (!stopped) {
      long begun = System.nanoTime();
      byte[] commit = data.upserts(first + acknowledged, 1).toByteArray();
      while (!isAcknowledged(commit)) {
        if (stopped) {
          return;
        }
        repeated++;
        Pause.ofMillis(AGAIN_MILLIS);
      }
      acknowledgements.add(System.nanoTime());
      acknowledged++;
      latestBegunNanos = begun;
      Pause.ofMillis(BETWEEN_MILLIS);
    }
  }

  private boolean isAcknowledged(byte[] commit) {
    int through = node;
    try {
      return datastore.call(ports.get(through), "commit", commit).statusCode() == OK;
    } catch (IOException unreachable) {
      node = (through + 1) % ports.size();
      return false;
    }
  }

  void returnHome() {
    node = home;
  }

  void stop() {
    stopped = true;
  }

  int home() {
    return home;
  }

  /** The number of the first entity it has written. */
  int first() {
    return first;
  }

  /** How many were acknowledged, from the first one on. */
  int acknowledged() {
    return acknowledged;
  }

  /** Attempts that ended without an acknowledgement. */
  int repeated() {
    return repeated;
  }

  /** Whether a write was acknowledged that had begun after {@code nanos}. */
  boolean hasWrittenSince(long nanos) {
    return acknowledged > 0 && latestBegunNanos - nanos > 0;
  }

  Acknowledgements acknowledgements() {
    return acknowledgements;
  }
}
