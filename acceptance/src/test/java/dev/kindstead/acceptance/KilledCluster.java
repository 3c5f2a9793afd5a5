package dev.kindstead.acceptance;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of which one node dies every few seconds and comes back: any but the one that clients
 * use, whose death they would have to bear themselves, and the home of their transactions, whose
 * death may end these.
 */
final class KilledCluster implements AutoCloseable {
  private static final Duration ALIVE = Duration.ofSeconds(2);
  private static final Duration DEAD_MAX = Duration.ofSeconds(2);

  private final KindsteadCluster cluster = KindsteadCluster.started();
  private final int used = cluster.serving();
  private final CompletableFuture<Void> firstKill = new CompletableFuture<>();
  private final Thread killing = Thread.ofVirtual().start(this::killAll);
  private volatile @Nullable RuntimeException failure;
  private volatile boolean closed;

  private void killAll() {
    Random random = ThreadLocalRandom.current();
    try {
      while (!closed) {
        kill(random);
      }
    } catch (RuntimeException broken) {
      failure = broken;
      firstKill.complete(null);
    }
  }

  private void kill(Random random) {
    int serving = cluster.serving();
    List<Integer> victims =
        IntStream.range(0, KindsteadCluster.NODES)
            .filter(number -> number != used && number != serving)
            .boxed()
            .toList();
    int victim = victims.get(random.nextInt(victims.size()));
    cluster.kill(victim);
    System.out.println("killed node " + victim);
    firstKill.complete(null);
    Pause.of(Duration.ofMillis(random.nextLong(DEAD_MAX.toMillis())));
    cluster.start(victim);
    cluster.awaitCaughtUp(victim);
    Pause.of(ALIVE);
  }

  /** The same node for all, as soon as another one has been killed. */
  Endpoint endpoint() {
    firstKill.join();
    RuntimeException broken = failure;
    if (broken != null) {
      throw new IllegalStateException("no node is killed any more", broken);
    }
    return cluster.endpoint(used);
  }

  @Override
  public void close() {
    closed = true;
    try {
      killing.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      cluster.close();
    }
  }
}
