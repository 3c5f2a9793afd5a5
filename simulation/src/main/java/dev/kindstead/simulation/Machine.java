package dev.kindstead.simulation;

import dev.kindstead.environment.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One computer: clocks of its own, and the process that runs on it. While it is paused nothing of
 * the process runs, but time passes: what came due is run afterwards, in its order.
 *
 * <p>Confined to the scheduler's thread.
 */
public final class Machine implements Clock {
  /** So far at most is the wall clock wrong by its jumps, in either direction. */
  static final Duration WALL_OFFSET_MAX = Duration.ofMinutes(5);

  /** What was held back runs this far apart, so that other machines come in between. */
  private static final Duration AFTER_PAUSE = Duration.ofNanos(10_000);

  private final String nodeId;
  private final Scheduler scheduler;
  private final Hardware hardware;
  private final boolean clockStopsInPauses;
  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private long wallOffsetMicros;
  private long pausedSinceNanos;

  /** How long the monotonic clock has stood still, and the wall clock. */
  private long stoppedNanos;

  private long wallStoppedNanos;
  private boolean paused;
  private boolean suspended;
  private boolean draining;
  private @Nullable Boot boot;

  /**
   * @param clockStopsInPauses whether it is broken in a way that no process can notice
   */
  Machine(String nodeId, Scheduler scheduler, Hardware hardware, boolean clockStopsInPauses) {
    this.nodeId = nodeId;
    this.scheduler = scheduler;
    this.hardware = hardware;
    this.clockStopsInPauses = clockStopsInPauses;
  }

  /** A machine whose clocks are the scheduler's. */
  public static Machine exact(String nodeId, Scheduler scheduler) {
    return new Machine(nodeId, scheduler, Hardware.exact(scheduler), false);
  }

  public String nodeId() {
    return nodeId;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Hardware hardware() {
    return hardware;
  }

  @Override
  public long monotonicNanos() {
    return hardware.monotonicNanos(elapsedNanos());
  }

  @Override
  public long wallMicros() {
    long stopped = wallStoppedNanos + (clockStopsInPauses ? pausedNanos() : 0);
    return scheduler.wallMicros() + hardware.wallDriftMicros() + wallOffsetMicros - stopped / 1_000;
  }

  private long elapsedNanos() {
    boolean stands = suspended || clockStopsInPauses;
    return scheduler.monotonicNanos() - stoppedNanos - (stands ? pausedNanos() : 0);
  }

  /** Of the pause that goes on, zero when none does. */
  private long pausedNanos() {
    return paused ? scheduler.monotonicNanos() - pausedSinceNanos : 0;
  }

  /**
   * The wall clock is wrong by so much more, within what is possible.
   *
   * @return by how much
   */
  Duration jumpWallClock(Duration by) {
    long max = WALL_OFFSET_MAX.toNanos() / 1_000;
    long before = wallOffsetMicros;
    wallOffsetMicros = Math.clamp(wallOffsetMicros + by.toNanos() / 1_000, -max, max);
    return Duration.ofNanos((wallOffsetMicros - before) * 1_000);
  }

  /** Starts the process. */
  public Boot start() {
    kill();
    var next = new Boot(this);
    boot = next;
    return next;
  }

  /** Whether a process runs, paused or not. */
  public boolean isUp() {
    return boot != null;
  }

  /** The process dies at once, between two of its events. */
  public void kill() {
    Boot dying = boot;
    boot = null;
    held.clear();
    if (dying != null) {
      dying.died();
    }
  }

  boolean isPaused() {
    return paused;
  }

  /** Whether something came due in the pause, and waits for its end. */
  boolean holdsBack() {
    return paused && !held.isEmpty();
  }

  void pause() {
    if (!paused) {
      paused = true;
      pausedSinceNanos = scheduler.monotonicNanos();
    }
  }

  /** A pause of all of the machine: the monotonic clock stands still, the wall clock does not. */
  void suspend() {
    pause();
    suspended = true;
  }

  void resume() {
    if (paused) {
      stoppedNanos += suspended || clockStopsInPauses ? pausedNanos() : 0;
      wallStoppedNanos += clockStopsInPauses ? pausedNanos() : 0;
      paused = false;
      suspended = false;
      drain();
    }
  }

  /** Hands a task to whatever process runs now. */
  void deliver(Runnable task) {
    Boot running = boot;
    if (running != null) {
      running.run(task);
    }
  }

  /** Runs it now, or after the pause and all that waits for its end. */
  void run(BooleanSupplier stillWanted, Runnable task) {
    if (paused || draining) {
      held.add(() -> runIf(stillWanted, task));
      drain();
    } else {
      runIf(stillWanted, task);
    }
  }

  private static void runIf(BooleanSupplier stillWanted, Runnable task) {
    if (stillWanted.getAsBoolean()) {
      task.run();
    }
  }

  private void drain() {
    if (paused || draining || held.isEmpty()) {
      return;
    }
    draining = true;
    scheduler.schedule(
        AFTER_PAUSE,
        () -> {
          draining = false;
          Runnable next = paused ? null : held.poll();
          if (next != null) {
            next.run();
            drain();
          }
        });
  }
}
