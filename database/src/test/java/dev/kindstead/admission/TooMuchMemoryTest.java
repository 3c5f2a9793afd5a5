package dev.kindstead.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.admission.SharedAmount.Share;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Requests together hold no more than their share of the heap, and one alone always fits. */
final class TooMuchMemoryTest {
  private static final int LARGEST = 1_000_000;

  private final RequestMemory memory = new RequestMemory(64L * LARGEST, LARGEST);

  @Test
  void whatIsTakenComesBack() {
    assertThat(memory.tryTakeFreely(LARGEST)).isTrue();
    assertThat(memory.tryTakeFreely(LARGEST)).isTrue();
    assertThat(memory.tryTakeFreely(LARGEST)).isFalse();
    assertThat(memory.tryTakeFreely(1_000)).as("small ones are not counted").isTrue();
    memory.giveBack(Share.OF_THE_FIRST_HALF, 1_000);
    memory.giveBack(Share.OF_THE_FIRST_HALF, LARGEST);
    assertThat(memory.tryTakeFreely(LARGEST)).isTrue();
    assertThat(memory.tryTakeFreely(LARGEST)).isFalse();
  }

  @Test
  void oneDatabaseLeavesSomeToAnother() {
    assertThat(memory.tryTakeFreely(2 * LARGEST)).isTrue();
    assertThat(memory.tryTake(LARGEST, "one")).isNotNull();
    assertThat(memory.tryTake(LARGEST, "one")).isNull();
    assertThat(memory.tryTake(LARGEST, "other")).isNotNull();
    assertThat(memory.tryTake(LARGEST, "third")).isNull();
  }

  @Test
  void oneOfTheLargestFitsIntoTheSmallestHeap() {
    var small = new RequestMemory(1, LARGEST);
    Share all = small.tryTake(LARGEST, "one");
    assertThat(all).isNotNull();
    assertThat(small.tryTake(LARGEST, "other")).isNull();
    small.giveBack(Objects.requireNonNull(all), LARGEST);
    assertThat(small.tryTake(LARGEST, "other")).isNotNull();
  }
}
