package dev.kindstead.protocol;

import dev.kindstead.admission.SharedAmount;
import dev.kindstead.model.Code;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Counts and times the RPCs by method and status. Timers are looked up by position, so that the hot
 * path builds no tags. Thread-safe.
 */
final class RpcMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30),
  };
  private static final int STATUSES = Code.values().length + 1;
  private static final int OK = Code.values().length;

  private final MeterRegistry registry;
  private final AtomicReferenceArray<Timer> timers =
      new AtomicReferenceArray<>(Rpc.values().length * STATUSES);

  RpcMetrics(MeterRegistry registry, SharedAmount inFlight) {
    this.registry = registry;
    Gauge.builder("kindstead.rpc.in.flight", inFlight, SharedAmount::taken)
        .description("Requests being served")
        .register(registry);
  }

  void record(Rpc rpc, Reply reply, long nanos) {
    int status = reply instanceof Failure(Code code, String message) ? code.ordinal() : OK;
    int position = rpc.ordinal() * STATUSES + status;
    Timer timer = timers.get(position);
    if (timer == null) {
      timer = timer(rpc, status == OK ? "OK" : Code.values()[status].name());
      timers.set(position, timer);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Rpc rpc, String status) {
    return Timer.builder("kindstead.rpc")
        .description("From a request's arrival to its reply")
        .tag("method", rpc.method())
        .tag("status", status)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
