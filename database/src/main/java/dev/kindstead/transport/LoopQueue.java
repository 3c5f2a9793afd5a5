package dev.kindstead.transport;

import io.netty.util.concurrent.EventExecutor;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Work of any thread for one event loop, in order. The loop is woken once for all that is there:
 * what arrives together leaves together. Its users bound what they put in.
 */
final class LoopQueue<T> {
  private final Queue<T> items = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean told = new AtomicBoolean();
  private final EventExecutor loop;
  private final Runnable work;
  private final Consumer<T> tooLate;

  /**
   * @param work polls until there is nothing left
   * @param tooLate gets what comes when the loop has ended
   */
  LoopQueue(EventExecutor loop, Runnable work, Consumer<T> tooLate) {
    this.loop = loop;
    this.work = work;
    this.tooLate = tooLate;
  }

  void add(T item) {
    items.add(item);
    if (told.compareAndSet(false, true)) {
      try {
        loop.execute(this::run);
      } catch (RejectedExecutionException e) {
        told.set(false);
        for (T each = items.poll(); each != null; each = items.poll()) {
          tooLate.accept(each);
        }
      }
    }
  }

  private void run() {
    told.set(false);
    work.run();
  }

  /** On the loop. */
  @Nullable T poll() {
    return items.poll();
  }
}
