package dev.kindstead.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Requests together hold no more than their share of the heap, and one alone always fits. */
final class TooMuchMemoryTest {
  private static final int LARGEST = 1_000_000;

  @Test
  void whatIsTakenComesBack() {
    var memory = new RequestMemory(32L * LARGEST, LARGEST);
    assertThat(memory.tryTake(LARGEST)).isTrue();
    assertThat(memory.tryTake(LARGEST)).isTrue();
    assertThat(memory.tryTake(LARGEST)).isFalse();
    assertThat(memory.tryTake(1_000)).as("small ones are not counted").isTrue();
    memory.giveBack(1_000);
    memory.giveBack(LARGEST);
    assertThat(memory.tryTake(LARGEST)).isTrue();
    assertThat(memory.tryTake(LARGEST)).isFalse();
  }

  @Test
  void oneOfTheLargestFitsIntoTheSmallestHeap() {
    var memory = new RequestMemory(1, LARGEST);
    assertThat(memory.tryTake(LARGEST)).isTrue();
    assertThat(memory.tryTake(LARGEST)).isFalse();
    memory.giveBack(LARGEST);
    assertThat(memory.tryTake(LARGEST)).isTrue();
  }
}
