package dev.kindstead.simulation;

import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.transaction.ReadMode;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reads what may be old, and at past timestamps, at any node. Confined to the scheduler's thread.
 */
final class PastClient {
  private static final Duration PAUSE_MAX = Duration.ofMillis(150);
  private static final int NEAR_MICROS = 1_000;

  private final World world;
  private final RandomGenerator random;
  private SimulatedNode node;
  private boolean stopping;

  /** When the last of its reads that were answered was asked. */
  private long acknowledged;

  /** A timestamp that was over: what is read lies at it, or near it. */
  private long heardOf;

  PastClient(World world, RandomGenerator random) {
    this.world = world;
    this.random = random;
    node = world.someNode(random);
  }

  void start() {
    world
        .scheduler()
        .schedule(
            Duration.ofNanos(random.nextLong(world.weather().pauseMax(PAUSE_MAX).toNanos())),
            () -> {
              if (!stopping) {
                node = world.someNode(random);
                read(mode());
              }
            });
  }

  void stop() {
    stopping = true;
  }

  /** Whether a read was answered that was asked after an instant. */
  boolean hasGotOnSince(long nanos) {
    return acknowledged > nanos;
  }

  private ReadMode mode() {
    Long known = world.snapshots().someTime(random);
    if (known == null || random.nextInt(3) == 0) {
      return new ReadMode.Eventual();
    }
    int near = random.nextInt(3) == 0 ? random.nextInt(2 * NEAR_MICROS) - NEAR_MICROS : 0;
    heardOf = known;
    return new ReadMode.AtTime(known + near);
  }

  private void read(ReadMode mode) {
    boolean scans = random.nextInt(3) == 0;
    List<String> objects = scans ? world.objects() : world.someObjects(random);
    var reading =
        new ListReading(
            world.shardMap(),
            mode,
            objects,
            scans,
            random.nextBoolean(),
            Duration.ofMillis(random.nextInt(20)));
    long asked = world.scheduler().monotonicNanos();
    world
        .door()
        .ask(
            node,
            reading,
            (answer, failure) -> {
              acknowledged = answer == null ? acknowledged : asked;
              answered(mode, answer, failure);
            });
  }

  /** Whether it was asked for what nobody had heard of yet, and told so. */
  private boolean isOfTheFuture(ReadMode mode, Throwable failure) {
    return mode instanceof ReadMode.AtTime(long micros)
        && micros > heardOf
        && failure instanceof DatastoreException refused
        && refused.code() == Code.INVALID_ARGUMENT;
  }

  private void answered(
      ReadMode mode, ListReading.@Nullable Answer answer, @Nullable Throwable failure) {
    if (answer != null) {
      if (mode instanceof ReadMode.AtTime(long micros) && answer.time() != micros) {
        world.report("a read at " + micros + " was answered as of " + answer.time());
      }
      if (!node.isServing()) {
        world.hit(
            mode instanceof ReadMode.Eventual ? "replica read" : "replica read at a past time");
      }
      world.snapshots().read(answer.time(), answer.lists(), node.nodeId());
    } else if (mode instanceof ReadMode.AtTime(long micros) && Refusals.isTooOld(failure)) {
      world.refusals().judgeTooOld(node, micros, random);
    } else if (failure instanceof Door.NotServedHere elsewhere && random.nextInt(4) != 0) {
      node = world.nodeAfter(node, elsewhere.elsewhere(), random);
      if (!stopping) {
        read(mode);
        return;
      }
    } else if (failure != null && !isOfTheFuture(mode, failure)) {
      world.refusals().judge("who reads the past", failure);
    }
    start();
  }
}
