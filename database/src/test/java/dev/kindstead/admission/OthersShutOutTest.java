package dev.kindstead.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.admission.SharedAmount.Share;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A database that brings more than can be served leaves room for the others. */
final class OthersShutOutTest {
  private static final int MOST = 1_000;

  private final SharedAmount amount = new SharedAmount(MOST);

  private int takeAll(String database) {
    int count = 0;
    while (amount.tryTake(1, database) != null) {
      count++;
    }
    return count;
  }

  @Test
  void eachFindsAsMuchAsIsLeftFree() {
    assertThat(takeAll("greedy")).isEqualTo(750);
    assertThat(takeAll("second")).isEqualTo(125);
    assertThat(takeAll("third")).isEqualTo(63);
    assertThat(takeAll("greedy")).isZero();
    assertThat(takeAll("fourth")).isEqualTo(31);
  }

  @Test
  void whatIsGivenBackIsThereAgain() {
    var taken = new ArrayDeque<Share>();
    for (@Nullable Share share = take(); share != null; share = take()) {
      taken.add(share);
    }
    assertThat(taken).hasSize(750);
    while (!taken.isEmpty()) {
      amount.giveBack(taken.removeLast(), 1);
    }
    assertThat(amount.taken()).isZero();
    assertThat(takeAll("other")).isEqualTo(750);
  }

  private @Nullable Share take() {
    return amount.tryTake(1, "one");
  }

  @Test
  void whoIsAloneMayTakeAllAtOnce() {
    Share all = amount.tryTake(MOST, "one");
    assertThat(all).isNotNull();
    assertThat(amount.tryTake(1, "other")).isNull();
  }

  /** Whatever comes and goes, no more is out than there is, and all comes back. */
  @Test
  void noMoreIsTakenThanThereIs() {
    var random = new Random(7);
    Map<Share, List<Long>> out = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      if (random.nextInt(5) < 3) {
        long some = random.nextInt(40);
        Share share = amount.tryTake(some, "d" + random.nextInt(4));
        if (share != null) {
          out.computeIfAbsent(share, _ -> new ArrayList<>()).add(some);
        }
      } else {
        out.entrySet().stream()
            .skip(out.isEmpty() ? 0 : random.nextInt(out.size()))
            .findFirst()
            .ifPresent(one -> {
              amount.giveBack(one.getKey(), one.getValue().removeLast());
              if (one.getValue().isEmpty()) {
                out.remove(one.getKey());
              }
            });
      }
      assertThat(amount.taken()).isBetween(0L, (long) MOST);
    }
    out.forEach((share, all) -> all.forEach(some -> amount.giveBack(share, some)));
    assertThat(amount.taken()).isZero();
    assertThat(takeAll("one")).as("nothing is counted for anybody any more").isEqualTo(750);
  }
}
