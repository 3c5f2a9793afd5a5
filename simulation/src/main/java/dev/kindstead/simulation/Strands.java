package dev.kindstead.simulation;

import dev.kindstead.environment.Waiting;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one process that may wait. Each task runs on a real thread of its own, but never
 * beside the scheduler's: they hand over to each other, when a task waits and when what it waits
 * for has come. So the order of everything is the scheduler's, as without threads.
 *
 * <p>Nothing of a task runs after its process has died, but what it has to close.
 */
final class Strands implements Executor, Waiting {
  private final Boot boot;
  private final Set<Strand> waiting = new LinkedHashSet<>();

  /** The one that runs now, if one does. */
  private @Nullable Strand running;

  Strands(Boot boot) {
    this.boot = boot;
  }

  @Override
  public void execute(Runnable task) {
    boot.soon(() -> new Strand(task).run());
  }

  @Override
  public <T> T join(CompletableFuture<T> future) {
    Strand here = running;
    if (!future.isDone()) {
      if (here == null) {
        throw new IllegalStateException("an event of the process waits, and nothing goes on");
      }
      here.await(future);
    }
    return future.join();
  }

  void died() {
    for (Strand strand : Set.copyOf(waiting)) {
      waiting.remove(strand);
      strand.end();
    }
  }

  /** The process has died, and this thread with it. */
  private static final class Died extends Error {
    private static final long serialVersionUID = 1L;

    Died() {
      super("its process has died", null, false, false);
    }
  }

  private final class Strand {
    private final Semaphore mayRun = new Semaphore(0);
    private final Semaphore hasPaused = new Semaphore(0);
    private boolean dead;
    private @Nullable Throwable thrown;

    private Strand(Runnable task) {
      var unused =
          Thread.ofVirtual()
              .start(() -> {
                mayRun.acquireUninterruptibly();
                try {
                  task.run();
                } catch (Died over) {
                  assert dead;
                } catch (Throwable failure) {
                  thrown = failure;
                } finally {
                  hasPaused.release();
                }
              });
    }

    /** On the scheduler's thread: goes on until it waits or is over. */
    private void run() {
      running = this;
      mayRun.release();
      hasPaused.acquireUninterruptibly();
      running = null;
      switch (thrown) {
        case null -> {}
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case Throwable failure -> throw new IllegalStateException(failure);
      }
    }

    private void end() {
      dead = true;
      run();
    }

    /** On its own thread. */
    private void await(CompletableFuture<?> future) {
      if (dead) {
        throw new Died();
      }
      waiting.add(this);
      var unused =
          future.whenComplete((_, _) ->
              boot.soon(() -> {
                if (waiting.remove(this)) {
                  run();
                }
              }));
      hasPaused.release();
      mayRun.acquireUninterruptibly();
      if (dead) {
        throw new Died();
      }
    }
  }
}
