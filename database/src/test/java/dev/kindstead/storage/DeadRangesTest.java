package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Bytes;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** No live key is ever leapt over, whatever is learnt, revived, joined and forgotten. */
final class DeadRangesTest {
  private static final int STEPS = 3_000;

  @Test
  void neverHideALiveKey() {
    for (long seed = 1; seed <= 20; seed++) {
      RandomGenerator random = new SplittableRandom(seed);
      DeadRanges dead = new DeadRanges();
      NavigableMap<Bytes, Long> live = new TreeMap<>();
      for (long sequence = 1; sequence <= STEPS; sequence++) {
        Bytes key = VersionedModel.key(random);
        if (random.nextInt(3) == 0) {
          dead.revive(Space.INDEX, key.array());
          live.put(key, sequence);
        } else {
          live.remove(key);
        }
        Bytes from = random.nextInt(5) == 0 ? Bytes.EMPTY : VersionedModel.key(random);
        learn(dead, live, from, sequence, Math.max(0, sequence - random.nextInt(3)));
        check(dead, live, from, seed);
      }
    }
  }

  /** The gap that begins at {@code from}, as a scan finds it. */
  private static void learn(
      DeadRanges dead, NavigableMap<Bytes, Long> live, Bytes from, long now, long applied) {
    Bytes found = live.ceilingKey(from);
    if (found == null || !found.equals(from)) {
      byte[] until = found == null ? new byte[0] : found.array();
      dead.add(Space.INDEX, from.array(), until, now, applied);
    }
  }

  private static void check(
      DeadRanges dead, NavigableMap<Bytes, Long> live, Bytes position, long seed) {
    byte[] forward = dead.skipForward(Space.INDEX, position.array(), Long.MAX_VALUE);
    if (forward != null) {
      Bytes next = live.ceilingKey(position);
      if (forward.length == 0) {
        assertThat(next).as("seed %d", seed).isNull();
      } else if (next != null) {
        assertThat(next).as("seed %d", seed).isGreaterThanOrEqualTo(Bytes.of(forward));
      }
    }
    byte[] backward = dead.skipBackward(Space.INDEX, position.array(), Long.MAX_VALUE);
    if (backward != null) {
      Bytes before =
          position.size() > 0 ? live.lowerKey(position) : live.isEmpty() ? null : live.lastKey();
      if (before != null) {
        assertThat(before).as("seed %d", seed).isLessThan(Bytes.of(backward));
      }
    }
  }
}
