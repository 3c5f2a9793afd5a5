package dev.kindstead.simulation;

import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.Handler;
import dev.kindstead.environment.Network.Refused;
import dev.kindstead.environment.Network.Service;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One connection from a process to another, over which requests go one way and answers the other.
 * Confined to the scheduler's thread.
 *
 * <p><b>Invariants.</b> The requests of a service arrive in the order in which they were sent. Once
 * it is broken, no further request arrives, and the other side hears of that before the next
 * connection's first request. A request arrives at most once, as the real transport has it, which
 * repeats nothing: what comes twice was sent twice by whoever got no answer, {@link
 * SimulatedNetwork#REPEATED}.
 */
final class Connection {
  private final SimulatedNetwork from;
  private final SimulatedNetwork to;
  private final Scheduler scheduler;
  private final Set<CompletableFuture<byte[]>> open = new LinkedHashSet<>();
  private final Map<Service, Long> lastArrivals = new EnumMap<>(Service.class);
  private @Nullable Connection before;
  private boolean broken;
  private boolean brokenHeard;

  Connection(SimulatedNetwork from, SimulatedNetwork to, @Nullable Connection before) {
    this.from = from;
    this.to = to;
    this.before = before;
    scheduler = from.boot().machine().scheduler();
    to.boot().atDeath(this::breakDown);
  }

  boolean isBroken() {
    return broken;
  }

  void send(Service service, byte[] request, CompletableFuture<byte[]> answer, Duration timeout) {
    open.add(answer);
    from.boot().schedule(timeout, () -> fail(answer, "the time was over"));
    if (from.links().loses()) {
      breakDown();
      return;
    }
    long now = scheduler.monotonicNanos();
    long last = lastArrivals.getOrDefault(service, now);
    long arrival = Math.max(now + from.links().delay().toNanos(), last + 1);
    lastArrivals.put(service, arrival);
    scheduler.schedule(Duration.ofNanos(arrival - now), () -> arrive(service, request, answer));
  }

  private void arrive(Service service, byte[] request, CompletableFuture<byte[]> answer) {
    if (broken) {
      return;
    }
    if (from.links().stops(from.nodeId(), to.nodeId())) {
      breakDown();
      return;
    }
    Connection earlier = before;
    if (earlier != null) {
      earlier.tellBroken();
      before = null;
    }
    to.boot().run(() -> handle(service, request, answer));
  }

  private void handle(Service service, byte[] request, CompletableFuture<byte[]> answer) {
    Handler handler = to.handler(service);
    CompletableFuture<byte[]> handled;
    try {
      handled =
          handler == null
              ? CompletableFuture.failedFuture(new Refused("nobody serves " + service))
              : handler.handle(from.nodeId(), request);
    } catch (RuntimeException failure) {
      handled = CompletableFuture.failedFuture(failure);
    }
    var unused =
        handled.whenComplete((bytes, failure) -> {
          if (failure != null && !Refusals.isARefusal(failure)) {
            from.links()
                .report("%s failed to answer %s: %s".formatted(to.nodeId(), service, failure));
          }
          if (broken || !to.boot().isAlive()) {
            return;
          }
          scheduler.schedule(from.links().delay(), () -> arriveBack(answer, bytes, failure));
        });
  }

  private void arriveBack(
      CompletableFuture<byte[]> answer, byte[] bytes, @Nullable Throwable failure) {
    if (broken) {
      return;
    }
    if (from.links().stops(to.nodeId(), from.nodeId()) || from.links().loses()) {
      breakDown();
      return;
    }
    if (from.links().answersTooLate()) {
      if (open.contains(answer)) {
        from.links().hit("answer too late");
      }
      return; // as if never: who asked gives up after its time, and drops what comes afterwards
    }
    from.boot()
        .run(() -> {
          if (!open.remove(answer)) {
            return;
          }
          if (failure == null) {
            answer.complete(bytes);
          } else {
            Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                    ? failure.getCause()
                    : failure;
            answer.completeExceptionally(new Refused(String.valueOf(cause.getMessage())));
          }
        });
  }

  /** What is on its way is lost, either way. */
  void breakDown() {
    if (broken) {
      return;
    }
    broken = true;
    scheduler.schedule(
        from.links().delay(),
        () ->
            from.boot()
                .run(() -> List.copyOf(open).forEach(answer -> fail(answer, "the connection"))));
    scheduler.schedule(from.links().delay(), this::tellBroken);
  }

  private void tellBroken() {
    if (!brokenHeard) {
      brokenHeard = true;
      to.boot().run(() -> to.hearDisconnected(from.nodeId()));
    }
  }

  private void fail(CompletableFuture<byte[]> answer, String why) {
    if (open.remove(answer)) {
      answer.completeExceptionally(new AnswerLost("no answer: " + why));
    }
  }
}
