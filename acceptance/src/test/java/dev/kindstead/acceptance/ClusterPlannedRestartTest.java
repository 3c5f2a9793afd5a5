package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.EntityQuery;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.Query;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every node is stopped in order and started again, one by one, under the official client with its
 * default retries, through the other nodes: nothing that clients ask for fails.
 */
@ExtendWith(ClusterOf3.class)
class ClusterPlannedRestartTest {
  private static final int CLIENTS_EACH = 2;
  private static final Duration UP = Duration.ofMillis(700);
  private static final Duration DOWN = Duration.ofMillis(500);
  private static final Duration BETWEEN = Duration.ofMillis(10);

  private final String project = Projects.fresh();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong longestNanos = new AtomicLong();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  @Test
  void nobodyNoticesARestart(KindsteadCluster cluster) throws Exception {
    for (int restarted = 0; restarted < KindsteadCluster.NODES; restarted++) {
      stopped = false;
      int number = restarted;
      boolean served = cluster.serving() == number;
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var working = new ArrayList<Future<?>>();
        for (int i = 0; i < KindsteadCluster.NODES * CLIENTS_EACH; i++) {
          int through = i % KindsteadCluster.NODES;
          String name = "client-" + i;
          if (through != number) {
            Datastore datastore = JavaClient.of(cluster.endpoint(through), project);
            working.add(threads.submit(() -> use(datastore, name)));
          }
        }
        Pause.of(UP);
        int exitCode = cluster.stop(number);
        Pause.of(DOWN);
        cluster.start(number);
        Pause.of(UP);
        stopped = true;
        for (Future<?> each : working) {
          each.get();
        }
        assertThat(exitCode).isZero();
      }
      System.out.println(
          "ClusterPlannedRestartTest: node %d (%s), %s requests so far, slowest %d ms, %d failed %s"
              .formatted(
                  number,
                  served ? "served" : "did not serve",
                  requests,
                  longestNanos.getAndSet(0) / 1_000_000,
                  failures.size(),
                  failures.stream().distinct().toList()));
    }
    assertThat(failures).isEmpty();
    assertThat(requests.get()).isGreaterThan(100);
  }

  private void use(Datastore datastore, String name) {
    Key key = datastore.newKeyFactory().setKind("Restarted").newKey(name);
    attempt("put", () -> datastore.put(entity(key, 0)));
    long number = datastore.get(key).getLong("number");
    while (!stopped) {
      long next = ++number;
      attempt("put", () -> datastore.put(entity(key, next)));
      attempt("get", () -> assertThat(datastore.get(key).getLong("number")).isEqualTo(next));
      EntityQuery query = Query.newEntityQueryBuilder().setKind("Restarted").build();
      attempt(
          "query",
          () -> {
            List<Entity> all = new ArrayList<>();
            datastore.run(query).forEachRemaining(all::add);
            assertThat(all).isNotEmpty();
          });
      number = next + 1;
      long counted = number;
      attempt(
          "transaction",
          () ->
              datastore.runInTransaction(transaction -> {
                Entity read = transaction.get(key);
                assertThat(read.getLong("number")).isIn(next, counted);
                return transaction.put(entity(key, counted));
              }));
      Pause.of(BETWEEN);
    }
  }

  private static Entity entity(Key key, long number) {
    return Entity.newBuilder(key).set("number", number).build();
  }

  private void attempt(String what, Runnable request) {
    long began = System.nanoTime();
    try {
      request.run();
    } catch (DatastoreException failure) {
      failures.add("%s: %s %s".formatted(what, failure.getReason(), failure.getMessage()));
    }
    requests.incrementAndGet();
    longestNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
  }
}
