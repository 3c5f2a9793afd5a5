package dev.kindstead.simulation;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.SystemClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Many seeds, each in a world of its own, several at a time. Which seeds are run and in which order
 * their verdicts are told depends on the seeds alone, not on how many run at a time nor on how long
 * they take.
 *
 * @param from the first seed
 * @param least so many seeds are run
 * @param leastTime and until their lives are so long together, by their options
 * @param parallel worlds at a time
 */
public record Volume(long from, long least, Duration leastTime, int parallel) {
  private static final Clock CLOCK = new SystemClock();

  /** Verdicts that may be ready before their turn, for each that runs: a life may take seconds. */
  private static final int AHEAD_MAX = 64;

  /** One seed in so many is run twice. */
  private static final int REPEATED_IN = 100;

  /** Between two words of how far it is. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

  /** Is told how it goes on. */
  public interface Listener {
    /** In the order of seeds; whether to go on. */
    boolean ended(WorldVerdict verdict);

    /** From time to time. */
    void took(Duration soFar);
  }

  /** Runs them all, or until the listener has had enough. */
  public void run(LongFunction<WorldOptions> options, Listener listener) {
    long began = CLOCK.monotonicNanos();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            parallel, Thread.ofPlatform().name("world-", 0).daemon(true).factory());
    try {
      var running = new ArrayDeque<Future<WorldVerdict>>();
      Duration planned = Duration.ZERO;
      long next = from;
      long told = began;
      while (true) {
        while (running.size() < AHEAD_MAX * parallel
            && (next - from < least || planned.compareTo(leastTime) < 0)) {
          WorldOptions drawn = options.apply(next++);
          planned = planned.plus(drawn.life().duration());
          running.add(threads.submit(() -> run(drawn)));
        }
        Future<WorldVerdict> first = running.peek();
        if (first == null) {
          return;
        }
        long left = told + SILENCE_MAX.toNanos() - CLOCK.monotonicNanos();
        if (left <= 0) {
          listener.took(Duration.ofNanos(CLOCK.monotonicNanos() - began));
          told = CLOCK.monotonicNanos();
        } else {
          WorldVerdict verdict = verdict(first, left);
          if (verdict != null) {
            running.remove();
            if (!listener.ended(verdict)) {
              return;
            }
          }
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Some are run twice: what is not the same again is no simulation. */
  private static WorldVerdict run(WorldOptions life) {
    WorldVerdict verdict = new World(life).run();
    return life.seed() % REPEATED_IN == 0 ? verdict.comparedWith(new World(life).run()) : verdict;
  }

  /** Null when it takes longer. */
  private static @Nullable WorldVerdict verdict(Future<WorldVerdict> of, long nanosMax) {
    try {
      return of.get(nanosMax, TimeUnit.NANOSECONDS);
    } catch (TimeoutException later) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a world ends with a verdict, whatever is thrown in it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
