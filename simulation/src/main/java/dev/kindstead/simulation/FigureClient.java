package dev.kindstead.simulation;

import dev.kindstead.simulation.check.Outcome;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs one {@link Errand} over {@link Figures} after the other. Confined to the scheduler's thread.
 */
abstract class FigureClient {
  private static final Duration THINK_TIME_MAX = Duration.ofMillis(120);

  final World world;
  final FigureNotes notes;
  final RandomGenerator random;
  private final String who;
  private SimulatedNode node;
  private @Nullable Errand current;
  private boolean stopping;

  /** When the last errand began that was done. */
  private long acknowledged;

  FigureClient(World world, FigureNotes notes, RandomGenerator random, String who) {
    this.world = world;
    this.notes = notes;
    this.random = random;
    this.who = who;
    node = world.someNode(random);
  }

  void start() {
    long nanos = random.nextLong(world.weather().pauseMax(THINK_TIME_MAX).toNanos());
    world.scheduler().schedule(Duration.ofNanos(nanos), this::begin);
  }

  void stop() {
    stopping = true;
  }

  boolean isIdle() {
    return current == null;
  }

  /** Whether an errand was done that began after an instant. */
  boolean hasGotOnSince(long nanos) {
    return acknowledged > nanos;
  }

  private void begin() {
    if (stopping) {
      return;
    }
    if (random.nextInt(4) == 0) {
      node = world.someNode(random);
    }
    Errand errand = new Errand(world, random, node, who, this::over);
    current = errand;
    work(errand);
  }

  /** Begins what ends with the errand's end. */
  abstract void work(Errand errand);

  /** What the errand has come to. */
  void ended(Errand errand, Outcome outcome) {}

  private void over(Outcome outcome) {
    Errand errand = current;
    if (errand != null) {
      node = errand.node();
      acknowledged = outcome == Outcome.DONE ? errand.invoked() : acknowledged;
      ended(errand, outcome);
    }
    current = null;
    start();
  }

  final long now() {
    return world.scheduler().monotonicNanos();
  }
}
