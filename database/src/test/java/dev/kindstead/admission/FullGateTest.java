package dev.kindstead.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who waits before a full gate goes in later, or hears that nothing was done. */
final class FullGateTest {
  private static final int PLACES = CostClass.AGGREGATION.callsMax();
  private static final long FAR = Duration.ofMinutes(1).toNanos();

  /** Alarms ring when a test says so, whatever their time. */
  private final List<Runnable> alarms = new ArrayList<>();

  private final List<Duration> waits = new ArrayList<>();
  private final HandClock clock = new HandClock();
  private final Timers timers =
      (delay, task) -> {
        waits.add(delay);
        alarms.add(task);
        return () -> alarms.remove(task);
      };
  private final SharedAmount waitingBytes = new SharedAmount(Gate.WAITING_BYTES_MAX);
  private final Gate gate = new Gate(CostClass.AGGREGATION, clock, timers, waitingBytes);
  private final List<String> told = new ArrayList<>();

  private static final class HandClock implements Clock {
    private long nanos;

    @Override
    public long wallMicros() {
      return 1;
    }

    @Override
    public long monotonicNanos() {
      return nanos;
    }
  }

  private record Call(
      String name, boolean isOfTransaction, long bytes, long deadlineNanos, List<String> told)
      implements Entrant {
    @Override
    public String database() {
      return name.substring(0, 1);
    }

    @Override
    public Executor executor() {
      return Runnable::run;
    }

    @Override
    public void enter() {
      told.add(name + " enters");
    }

    @Override
    public void refuse(DatastoreException why) {
      told.add(name + " " + why.code());
    }
  }

  private void comes(String name) {
    gate.await(new Call(name, false, 10, FAR, told));
  }

  private void fill() {
    for (int i = 0; i < PLACES; i++) {
      assertThat(gate.tryEnter()).isTrue();
    }
    assertThat(gate.tryEnter()).isFalse();
  }

  @Test
  void aPlaceThatBecomesFreeIsTakenByWhoeverIsNext() {
    fill();
    comes("a1");
    comes("a2");
    comes("b1");
    assertThat(told).isEmpty();
    assertThat(waitingBytes.taken()).isEqualTo(30);
    gate.leave();
    gate.leave();
    assertThat(told).containsExactlyInAnyOrder("a1 enters", "b1 enters");
    gate.leave();
    assertThat(told).contains("a2 enters");
    assertThat(waitingBytes.taken()).isZero();
    assertThat(alarms).isEmpty();
    assertThat(gate.inside()).isEqualTo(PLACES);
    gate.leave();
    assertThat(gate.tryEnter()).isTrue();
  }

  @Test
  void nobodyOvertakesWhoWaits() {
    fill();
    comes("a1");
    comes("a2");
    gate.leave();
    gate.leave();
    gate.leave();
    assertThat(told).containsExactly("a1 enters", "a2 enters");
  }

  /** Were the last one served instead, those in the middle would never be. */
  @Test
  void whoComesFirstIsServedFirstHoweverLongItTakes() {
    fill();
    comes("a1");
    comes("a2");
    comes("a3");
    clock.nanos = Duration.ofMillis(4_999).toNanos();
    gate.leave();
    gate.leave();
    assertThat(told).containsExactly("a1 enters", "a2 enters");
  }

  @Test
  void whoWaitsTooLongHearsThatTooManyDo() {
    fill();
    comes("a1");
    assertThat(waits).containsExactly(Gate.WAIT_MAX);
    alarms.removeFirst().run();
    assertThat(told).containsExactly("a1 " + Code.RESOURCE_EXHAUSTED);
    assertThat(gate.refused()).isEqualTo(1);
    assertThat(waitingBytes.taken()).isZero();
    gate.leave();
    assertThat(told).hasSize(1);
    assertThat(gate.tryEnter()).isTrue();
  }

  /** Served when hardly any time is left for it, it would be work for nobody. */
  @Test
  void whoseDeadlineComesSoonIsRefusedWhileItCanStillBeElsewhere() {
    fill();
    long left = Duration.ofMillis(100).toNanos();
    gate.await(new Call("a1", false, 10, left, told));
    assertThat(waits).containsExactly(Duration.ofMillis(75));
    clock.nanos = Duration.ofMillis(75).toNanos();
    alarms.removeFirst().run();
    assertThat(told).containsExactly("a1 " + Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void whoseDeadlineIsOverHearsThat() {
    fill();
    clock.nanos = Duration.ofMillis(100).toNanos();
    gate.await(new Call("a1", false, 10, clock.nanos, told));
    assertThat(waits).containsExactly(Duration.ZERO);
    alarms.removeFirst().run();
    assertThat(told).containsExactly("a1 " + Code.DEADLINE_EXCEEDED);
  }

  @Test
  void whoIsGoneGivesThePlaceInTheLineBackAtOnce() {
    fill();
    Runnable withdrawal = gate.await(new Call("a1", false, 10, FAR, told));
    comes("a2");
    withdrawal.run();
    withdrawal.run();
    assertThat(told).containsExactly("a1 " + Code.CANCELLED);
    assertThat(alarms).hasSize(1);
    assertThat(waitingBytes.taken()).isEqualTo(10);
    assertThat(gate.waiting()).isEqualTo(1);
    assertThat(gate.refused()).isZero();
    gate.leave();
    assertThat(told).contains("a2 enters");
  }

  @Test
  void whoIsInsideCanNotWithdraw() {
    fill();
    Runnable withdrawal = gate.await(new Call("a1", false, 10, FAR, told));
    gate.leave();
    withdrawal.run();
    assertThat(told).containsExactly("a1 enters");
    assertThat(gate.inside()).isEqualTo(PLACES);
  }

  @Test
  void whoGoesOnWithATransactionIsLetInAlthoughTheGateIsFull() {
    fill();
    comes("a1");
    for (int i = 0; i < PLACES + 1; i++) {
      gate.await(new Call("t" + i, true, 10, FAR, told));
    }
    assertThat(told).hasSize(PLACES).allMatch(what -> what.startsWith("t"));
    gate.leave();
    assertThat(told).hasSize(PLACES + 1).last().isEqualTo("t" + PLACES + " enters");
  }

  /** Another database's transactions would else wait behind all of its own, in one line. */
  @Test
  void databasesTakeTurnsWithTransactionsToo() {
    fill();
    for (int i = 0; i < PLACES + 3; i++) {
      gate.await(new Call("loud" + i, true, 10, FAR, told));
    }
    gate.await(new Call("quiet", true, 10, FAR, told));
    gate.leave();
    gate.leave();
    assertThat(told).contains("quiet enters");
  }

  @Test
  void moreBytesThanMayWaitAreRefusedAtOnce() {
    fill();
    gate.await(new Call("a1", false, Gate.WAITING_BYTES_MAX, FAR, told));
    comes("a2");
    assertThat(told).containsExactly("a2 " + Code.RESOURCE_EXHAUSTED);
    gate.leave();
    assertThat(told).last().isEqualTo("a1 enters");
  }

  /** A place lost once stays lost, and a call forgotten never ends. */
  @Test
  void noPlaceAndNoCallIsLostAmongThreads() throws Exception {
    int threads = 4;
    int calls = 20_000;
    var open = new Gate(CostClass.AGGREGATION, clock, (_, _) -> () -> {}, waitingBytes);
    var ended = new AtomicInteger();
    var most = new AtomicInteger();
    var done = new CountDownLatch(threads * calls);
    var work = new ConcurrentLinkedQueue<Runnable>();
    Runnable inside =
        () -> {
          most.accumulateAndGet(open.inside(), Math::max);
          work.add(() -> {
            ended.incrementAndGet();
            open.leave();
            done.countDown();
          });
        };
    for (int t = 0; t < threads; t++) {
      String database = String.valueOf(t);
      Thread.ofPlatform()
          .start(() -> {
            for (int i = 0; i < calls; i++) {
              if (open.tryEnter()) {
                inside.run();
              } else {
                open.await(new Busy(database, inside));
              }
              for (int k = open.waiting() > 50 ? 3 : 0; k > 0; k--) {
                end(work.poll());
              }
            }
            while (done.getCount() > 0) {
              end(work.poll());
            }
          });
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(ended.get()).isEqualTo(threads * calls);
    assertThat(open.inside()).isZero();
    assertThat(open.waiting()).isZero();
    assertThat(most.get()).isBetween(PLACES, PLACES + threads);
    assertThat(waitingBytes.taken()).isZero();
  }

  private static void end(@Nullable Runnable work) {
    if (work != null) {
      work.run();
    }
  }

  private record Busy(String database, Runnable inside) implements Entrant {
    @Override
    public boolean isOfTransaction() {
      return false;
    }

    @Override
    public long bytes() {
      return 1;
    }

    @Override
    public long deadlineNanos() {
      return FAR;
    }

    @Override
    public Executor executor() {
      return Runnable::run;
    }

    @Override
    public void enter() {
      inside.run();
    }

    @Override
    public void refuse(DatastoreException why) {
      throw new AssertionError(why);
    }
  }
}
