package dev.kindstead.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Before a full gate databases take turns, however many calls each brings. */
final class TurnsTakenTest {
  private final FairQueue<String> queue = new FairQueue<>();

  private List<String> next(int count) {
    var all = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      all.add(queue.poll());
    }
    return all;
  }

  @Test
  void aQuietDatabaseIsNextAfterAHundredCallsOfALoudOne() {
    for (int i = 0; i < 100; i++) {
      queue.add("loud", "loud " + i);
    }
    assertThat(next(3)).containsExactly("loud 0", "loud 1", "loud 2");
    queue.add("quiet", "quiet 0");
    queue.add("quiet", "quiet 1");
    assertThat(next(4)).containsExactlyInAnyOrder("quiet 0", "quiet 1", "loud 3", "loud 4");
    assertThat(next(1)).containsExactly("loud 5");
  }

  @Test
  void onesAloneGetsNoCreditForHavingBeenAway() {
    queue.add("b", "b 0");
    for (int i = 0; i < 50; i++) {
      queue.add("a", "a " + i);
    }
    next(31);
    for (int i = 1; i < 50; i++) {
      queue.add("b", "b " + i);
    }
    assertThat(next(10).stream().filter(call -> call.startsWith("b"))).hasSizeBetween(4, 6);
  }

  @Test
  void whoeverLeavesIsPassedOver() {
    queue.add("a", "a 0");
    queue.add("a", "a 1");
    queue.add("b", "b 0");
    assertThat(queue.remove("a", "a 0")).isTrue();
    assertThat(queue.remove("b", "b 0")).isTrue();
    assertThat(queue.remove("b", "b 0")).isFalse();
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.poll()).isEqualTo("a 1");
    assertThat(queue.poll()).isNull();
  }

  @Test
  void sharesAreEqualWhateverTheOrderOfArrival() {
    var random = new Random(7);
    int databases = 5;
    for (int i = 0; i < 2_000; i++) {
      // The first is ten times as loud as the others.
      String database = random.nextInt(14) < 10 ? "0" : String.valueOf(1 + random.nextInt(4));
      queue.add(database, database + ":" + i);
    }
    int[] served = new int[databases];
    next(500).forEach(call -> served[Integer.parseInt(call.substring(0, 1))]++);
    for (int count : served) {
      assertThat(count).isBetween(99, 101);
    }
  }
}
