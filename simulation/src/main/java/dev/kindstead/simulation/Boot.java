package dev.kindstead.simulation;

import dev.kindstead.environment.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * One process on a {@link Machine}, from its start to its death. Nothing of it runs afterwards:
 * timers, executors and messages to it are forgotten. Confined to the scheduler's thread.
 */
public final class Boot implements Timers {
  private final Machine machine;
  private final List<Runnable> atDeath = new ArrayList<>();
  private final Strands strands = new Strands(this);
  private boolean alive = true;
  private boolean readsMayWait;

  Boot(Machine machine) {
    this.machine = machine;
  }

  Machine machine() {
    return machine;
  }

  boolean isAlive() {
    return alive;
  }

  /** Whether its events run now. */
  boolean isRunning() {
    return alive && !machine.isPaused();
  }

  /** Its threads that may wait. */
  Strands strands() {
    return strands;
  }

  /** From now on reads may have to wait for other nodes. */
  void readsMayWait() {
    readsMayWait = true;
  }

  /** Reads now, or on a thread that may wait. */
  <T> CompletableFuture<T> reading(Supplier<T> read) {
    return readsMayWait
        ? CompletableFuture.supplyAsync(read, strands)
        : CompletableFuture.completedFuture(read.get());
  }

  void atDeath(Runnable task) {
    atDeath.add(task);
  }

  void died() {
    alive = false;
    atDeath.forEach(Runnable::run);
    strands.died();
  }

  /** Runs a task as one of this process's events: now, after a pause, or never. */
  void run(Runnable task) {
    if (alive) {
      machine.run(() -> alive, task);
    }
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    var pending = new boolean[] {true};
    Timer event =
        machine
            .scheduler()
            .schedule(
                machine.hardware().real(delay),
                () -> {
                  if (alive) {
                    machine.run(() -> alive && pending[0], task);
                  }
                });
    return () -> {
      pending[0] = false;
      event.cancel();
    };
  }

  /** Runs the task soon, as an event of its own. */
  void soon(Runnable task) {
    schedule(Duration.ZERO, task);
  }

  /** A thread: tasks run in order, each as an event of its own. */
  Executor thread() {
    var tasks = new ArrayDeque<Runnable>();
    return task -> {
      tasks.add(task);
      soon(() -> {
        Runnable first = tasks.poll();
        if (first != null) {
          first.run();
        }
      });
    };
  }
}
