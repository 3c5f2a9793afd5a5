package dev.kindstead.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Kills the node that serves, again and again, under a light load through all nodes, and looks how
 * long nothing is acknowledged; in the end whether everything acknowledged is there. Confined to
 * one thread, beside the writers'.
 */
final class Failover {
  private static final int WRITERS_PER_NODE = 3;
  private static final int ENTITIES_PER_WRITER_MAX = 10_000_000;
  private static final long AWAIT_MILLIS_MAX = 30_000;
  private static final long POLL_MILLIS = 5;

  /** So that the kill meets leases and heartbeats at any point of theirs. */
  private static final int BEFORE_MILLIS_MIN = 1_000;

  private static final int BEFORE_MILLIS_SPAN = 1_000;

  /** Whatever a fail-over brings after the first acknowledgement is within this. */
  private static final long AFTER_MILLIS = 1_500;

  private final KindsteadNodes nodes;
  private final Dataset data =
      new Dataset("failover", ENTITIES_PER_WRITER_MAX * WRITERS_PER_NODE * KindsteadNodes.COUNT, 0);
  private final Random random = new Random(7);
  private final FailoverReport report = new FailoverReport();
  private final List<FailoverWriter> writers = new ArrayList<>();

  Failover(KindsteadNodes nodes) {
    this.nodes = nodes;
  }

  /** Whether writes went on after every kill, and every acknowledged one is there. */
  boolean run(int trials) {
    try (var datastore = new DatastoreOverHttp(data.project());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      List<Integer> ports = nodes.ports(Through.ALL);
      for (int i = 0; i < WRITERS_PER_NODE * KindsteadNodes.COUNT; i++) {
        var writer =
            new FailoverWriter(
                datastore, data, ports, i % KindsteadNodes.COUNT, i * ENTITIES_PER_WRITER_MAX);
        writers.add(writer);
        running.add(threads.submit(writer));
      }
      boolean isCompleted = true;
      try {
        IntStream.rangeClosed(1, trials).forEach(this::trial);
      } catch (IllegalStateException stuck) {
        System.err.println(stuck.getMessage());
        isCompleted = false;
      } finally {
        writers.forEach(FailoverWriter::stop);
        report.print();
      }
      for (Future<?> each : running) {
        each.get();
      }
      return new AcknowledgedWrites(datastore, data).areThere(writers, nodes.port(0))
          && isCompleted;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void trial(int number) {
    writers.forEach(FailoverWriter::returnHome);
    if (!isWrittenSince(System.nanoTime())) {
      throw new IllegalStateException(
          "no writes for %d ms:%n%s".formatted(AWAIT_MILLIS_MAX, nodes.description()));
    }
    Pause.ofMillis(BEFORE_MILLIS_MIN + random.nextInt(BEFORE_MILLIS_SPAN));
    int victim = nodes.serving();
    long killedNanos = System.nanoTime();
    nodes.kill(victim);
    if (isWrittenSince(System.nanoTime())) {
      Pause.ofMillis(AFTER_MILLIS);
      reportOutage(number, victim, killedNanos);
      comeBack(victim);
      return;
    }
    System.err.printf(
        "fail-over %d: after %d ms not all writers write again; the cluster says of itself:%n%s%n",
        number, AWAIT_MILLIS_MAX, nodes.description());
    nodes.restart(victim);
    if (!isWrittenSince(System.nanoTime())) {
      long nanosAtLeast = System.nanoTime() - killedNanos;
      report.addOutage(nanosAtLeast, nanosAtLeast, nanosAtLeast);
      throw new IllegalStateException("no writes either with the killed node back");
    }
    reportOutage(number, victim, killedNanos);
  }

  private void reportOutage(int number, int victim, long killedNanos) {
    long anyNanos = Acknowledgements.longestGapNanos(of(writers), killedNanos);
    long othersNanos = worst(victim, false, killedNanos);
    long victimsNanos = worst(victim, true, killedNanos);
    report.addOutage(anyNanos, othersNanos, victimsNanos);
    System.err.printf(
        "fail-over %d: node %d killed, writes again after %d ms, slowest writer %d ms%n",
        number, victim, anyNanos / 1_000_000, Math.max(othersNanos, victimsNanos) / 1_000_000);
  }

  private void comeBack(int victim) {
    long restartedNanos = System.nanoTime();
    nodes.restart(victim);
    long readyNanos = System.nanoTime();
    Pause.ofMillis(AFTER_MILLIS);
    report.addReturn(
        Acknowledgements.longestGapNanos(of(writers), restartedNanos), readyNanos - restartedNanos);
  }

  private static List<Acknowledgements> of(List<FailoverWriter> writers) {
    return writers.stream().map(FailoverWriter::acknowledgements).toList();
  }

  /** The longest gap that one of the writers through the victim, or through others, has seen. */
  private long worst(int victim, boolean throughVictim, long sinceNanos) {
    return writers.stream()
        .filter(writer -> (writer.home() == victim) == throughVictim)
        .mapToLong(writer ->
            Acknowledgements.longestGapNanos(List.of(writer.acknowledgements()), sinceNanos))
        .max()
        .orElse(0);
  }

  /**
   * Waits until a write of each writer is acknowledged that began after {@code nanos}. False when
   * that is still not so after a while.
   */
  private boolean isWrittenSince(long nanos) {
    long deadlineNanos = System.nanoTime() + AWAIT_MILLIS_MAX * 1_000_000;
    while (!writers.stream().allMatch(writer -> writer.hasWrittenSince(nanos))) {
      if (System.nanoTime() > deadlineNanos) {
        return false;
      }
      Pause.ofMillis(POLL_MILLIS);
    }
    return true;
  }
}
