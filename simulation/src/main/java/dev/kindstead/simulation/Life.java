package dev.kindstead.simulation;

import java.time.Duration;

/**
 * How long things take in a simulated world.
 *
 * @param duration simulated time with faults, before everything heals
 * @param faultEvery mean time between faults
 * @param retention how far back snapshots can be read
 * @param idleLimit a transaction untouched for so long is over
 * @param pace in which it all happens
 */
public record Life(
    Duration duration, Duration faultEvery, Duration retention, Duration idleLimit, Pace pace) {
  Life withDuration(Duration lasts) {
    return new Life(lasts, faultEvery, retention, idleLimit, pace);
  }
}
