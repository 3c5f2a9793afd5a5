package dev.kindstead.faults.workload;

import com.google.datastore.v1.Mutation;
import com.google.rpc.Code;
import dev.kindstead.faults.machine.Pause;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Single upserts at one node, as many as are asked for, without retries. Thread-safe. */
public final class Pressure implements AutoCloseable {
  /** Later answers are of no use to whoever asked. */
  private static final Duration USEFUL_MAX = Duration.ofSeconds(5);

  /** What this process can have on its way; more is counted as never sent. */
  private static final int OUTSTANDING_MAX = 8_000;

  private static final Duration TICK = Duration.ofMillis(5);
  private static final int KEYS = 10_000;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final Calls calls;
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger outstanding = new AtomicInteger();
  private final AtomicLong useful = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong other = new AtomicLong();
  private final AtomicLong unsent = new AtomicLong();
  private final ConcurrentMap<String, LongAdder> failures = new ConcurrentHashMap<>();

  public Pressure(URI node) {
    calls = new Calls(http, node, "pressure");
  }

  /**
   * What came of it, so far.
   *
   * @param useful acknowledged within 5 s
   * @param rejected answered with RESOURCE_EXHAUSTED
   * @param other no connection or answer, or late, or another failure
   * @param unsent what this process had no room for
   */
  public record Counts(long useful, long rejected, long other, long unsent) {
    public Counts minus(Counts before) {
      return new Counts(
          useful - before.useful,
          rejected - before.rejected,
          other - before.other,
          unsent - before.unsent);
    }
  }

  public Counts counts() {
    return new Counts(useful.get(), rejected.get(), other.get(), unsent.get());
  }

  /** How often each failure was met, rejections included. */
  public Map<String, Long> failures() {
    var counts = new TreeMap<String, Long>();
    failures.forEach((failure, times) -> counts.put(failure, times.sum()));
    return counts;
  }

  private void once() {
    long begin = System.nanoTime();
    long number = numbers.incrementAndGet();
    Mutation upsert =
        Rows.upsert(
            Rows.entity(Rows.key("Pressed", "p" + number % KEYS), "value", Rows.value(number)));
    try {
      calls.commit(calls.commitOf(List.of(upsert)));
      boolean isUseful = System.nanoTime() - begin <= USEFUL_MAX.toNanos();
      (isUseful ? useful : other).incrementAndGet();
    } catch (Failed failed) {
      (failed.code() == Code.RESOURCE_EXHAUSTED ? rejected : other).incrementAndGet();
      failures
          .computeIfAbsent(failed.code() + " " + failed.getMessage(), _ -> new LongAdder())
          .increment();
    }
  }

  /** So many clients, each of which waits for its answer before it asks again. */
  public void closed(int clients, Duration length) {
    long end = System.nanoTime() + length.toNanos();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        threads.execute(() -> {
          while (System.nanoTime() - end < 0) {
            once();
          }
        });
      }
    }
  }

  /** So many requests a second, whatever becomes of them. */
  public void open(double perSecond, Duration length) {
    long begin = System.nanoTime();
    long sent = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      while (System.nanoTime() - begin < length.toNanos()) {
        long due = (long) ((System.nanoTime() - begin) * perSecond / 1e9);
        for (; sent < due; sent++) {
          if (outstanding.get() >= OUTSTANDING_MAX) {
            unsent.incrementAndGet();
          } else {
            outstanding.incrementAndGet();
            threads.execute(() -> {
              once();
              outstanding.decrementAndGet();
            });
          }
        }
        Pause.of(TICK);
      }
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
