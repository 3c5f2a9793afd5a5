package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunQueryRequest;
import dev.kindstead.acceptance.HttpCalls.Failed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The node that serves is stopped with SIGSTOP, others serve, and it goes on without knowing: no
 * read that was begun through it misses what was acknowledged before the read began.
 */
@ExtendWith(ClusterOf3.class)
class ClusterPausedTest {
  private static final String KIND = "Counted";
  private static final int ROUNDS = Integer.getInteger("cluster.rounds", 5);
  private static final int WRITERS = 4;
  private static final int READERS = 4;
  private static final Duration PAUSED = Duration.ofSeconds(3);
  private static final Duration AROUND = Duration.ofMillis(700);
  private static final Duration BETWEEN = Duration.ofMillis(5);

  private final List<AtomicLong> acknowledged = new ArrayList<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
  private final String project = Projects.fresh();

  @Test
  void aDeposedNodeDoesNotAnswerFromThePast(KindsteadCluster cluster) throws Exception {
    for (int i = 0; i < WRITERS; i++) {
      acknowledged.add(new AtomicLong());
    }
    for (int round = 0; round < ROUNDS; round++) {
      int deposed = cluster.serving();
      List<Integer> others = cluster.others();
      long before = total();
      var stop = new AtomicInteger();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var working = new ArrayList<Future<?>>();
        for (int i = 0; i < WRITERS; i++) {
          int writer = i;
          Endpoint through = cluster.endpoint(others.get(i % others.size()));
          working.add(threads.submit(() -> write(through, writer, stop)));
        }
        // Begun while it stands still, and answered when it goes on.
        for (int i = 0; i < READERS; i++) {
          Endpoint through = cluster.endpoint(deposed);
          working.add(threads.submit(() -> read(through, stop)));
        }
        Pause.of(AROUND);
        cluster.pause(deposed);
        Pause.of(PAUSED);
        cluster.resume(deposed);
        Pause.of(AROUND);
        stop.incrementAndGet();
        for (Future<?> each : working) {
          each.get();
        }
      }
      System.out.println(
          "ClusterPausedTest: node %d stood still, %d writes, %s reads; failures %s"
              .formatted(deposed, total() - before, reads, failures));
      assertThat(total() - before).isGreaterThan(20);
    }
  }

  private long total() {
    return acknowledged.stream().mapToLong(AtomicLong::get).sum();
  }

  private static Key key(int writer) {
    return Raw.key(KIND, "counter-" + writer);
  }

  private void write(Endpoint through, int writer, AtomicInteger stop) {
    AtomicLong number = acknowledged.get(writer);
    try (HttpCalls calls = new HttpCalls(through, project)) {
      long next = number.get();
      while (stop.get() == 0) {
        next++;
        try {
          calls.commit(Raw.upsert(Raw.entity(key(writer), "number", Raw.value(next))));
          number.set(next);
        } catch (Failed failure) {
          failed("write " + failure.getMessage());
        }
        Pause.of(BETWEEN);
      }
    }
  }

  private void read(Endpoint through, AtomicInteger stop) {
    try (HttpCalls calls = new HttpCalls(through, project)) {
      for (int i = 0; stop.get() == 0; i++) {
        List<Long> least = acknowledged.stream().map(AtomicLong::get).toList();
        try {
          Map<Key, Long> found = i % 2 == 0 ? lookup(calls) : query(calls);
          for (int writer = 0; writer < WRITERS; writer++) {
            assertThat(found.getOrDefault(key(writer), 0L))
                .as("counter %d, read number %d", writer, i)
                .isGreaterThanOrEqualTo(least.get(writer));
          }
          reads.incrementAndGet();
        } catch (Failed failure) {
          failed("read " + failure.getMessage());
        }
        Pause.of(BETWEEN);
      }
    }
  }

  private static Map<Key, Long> lookup(HttpCalls calls) throws Failed {
    Key[] keys = new Key[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
      keys[i] = key(i);
    }
    return numbers(calls.lookup(ReadOptions.getDefaultInstance(), keys).getFoundList());
  }

  private static Map<Key, Long> query(HttpCalls calls) throws Failed {
    var request = RunQueryRequest.newBuilder();
    request.getQueryBuilder().addKindBuilder().setName(KIND);
    return numbers(calls.query(request).getBatch().getEntityResultsList());
  }

  private static Map<Key, Long> numbers(List<EntityResult> results) {
    var numbers = new HashMap<Key, Long>();
    for (EntityResult each : results) {
      Entity entity = each.getEntity();
      numbers.put(
          entity.getKey().toBuilder().clearPartitionId().build(),
          entity.getPropertiesOrThrow("number").getIntegerValue());
    }
    return numbers;
  }

  private void failed(String failure) {
    failures.computeIfAbsent(failure, _ -> new AtomicInteger()).incrementAndGet();
  }
}
