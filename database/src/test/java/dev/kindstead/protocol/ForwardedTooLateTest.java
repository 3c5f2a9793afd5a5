package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.BeginTransactionRequest;
import dev.kindstead.admission.Gates;
import dev.kindstead.environment.HandTime;
import dev.kindstead.model.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call of another node that waits for a busy thread has not got more time by that. */
@Timeout(60)
final class ForwardedTooLateTest {
  private static final Duration LEFT = Duration.ofMillis(20);
  private static final Duration TIME_TO_BEGIN = Duration.ofMillis(200);

  private final FakeOperations operations = new FakeOperations();
  private final EventLoops loops = new EventLoops(1);
  private final ForwardedCalls forwarded =
      new ForwardedCalls(
          new Calls(
              new Handlers(operations, Limits.DEFAULT),
              new Gates(new HandTime(), (_, _) -> () -> {}),
              loops,
              TransportLimits.defaults(),
              Forwarding.NONE,
              new SimpleMeterRegistry()),
          null,
          loops);

  @AfterEach
  void close() {
    loops.shutdownGracefully().syncUninterruptibly();
  }

  @Test
  void itIsNotBegun() throws Exception {
    var busy = new CountDownLatch(1);
    loops.execute(() -> {
      try {
        busy.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    byte[] call =
        ForwardedCall.encode(
            Rpc.COMMIT.verb(), null, LEFT.toNanos(), RequestBody.of(Requests.write()));
    long arrived = System.nanoTime();
    var reply = forwarded.handle("n2", call);
    while (System.nanoTime() - arrived <= 2 * LEFT.toNanos()) {
      Thread.sleep(1);
    }
    busy.countDown();
    Reply told = Objects.requireNonNull(ForwardedReply.read(reply.join()));
    assertThat(((Failure) told).code()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(operations.commits).hasValue(0);
  }

  /** Else its client would go on with it, where the other node is as late in giving up. */
  @Test
  void aTransactionThatIsOverForItIsNotToldOf() throws Exception {
    var begun = new CompletableFuture<Object>();
    operations.outcome = begun;
    byte[] call =
        ForwardedCall.encode(
            Rpc.BEGIN_TRANSACTION.verb(),
            null,
            TIME_TO_BEGIN.toNanos(),
            RequestBody.of(BeginTransactionRequest.newBuilder().setProjectId("p1").build()));
    var reply = forwarded.handle("n2", call);
    while (operations.endedSo.get() == 0 && !reply.isDone()) {
      Thread.sleep(1);
    }
    long started = System.nanoTime();
    while (System.nanoTime() - started <= TIME_TO_BEGIN.toNanos()) {
      Thread.sleep(1);
    }
    begun.complete(FakeOperations.transaction());
    Reply told = Objects.requireNonNull(ForwardedReply.read(reply.join()));
    assertThat(((Failure) told).code()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(operations.rolledBack).hasSize(operations.lastOptions == null ? 0 : 1);
  }
}
