package dev.kindstead.faults.workload;

import dev.kindstead.faults.machine.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Asks again until there is an answer. What no client may ever hear, as an internal error, is an
 * anomaly all the same: that it went well later does not make it right.
 */
final class Eventually {
  /** A call, or several. */
  interface Attempt<T> {
    T run() throws Failed;
  }

  private Eventually() {}

  /**
   * IllegalStateException when there is none in time.
   *
   * @param what is asked for
   * @param anomalies takes each unexpected answer once
   */
  static <T> T answer(String what, Duration max, Consumer<String> anomalies, Attempt<T> attempt) {
    List<T> answer = new ArrayList<>();
    Set<String> unexpected = new LinkedHashSet<>();
    String[] last = {"nothing"};
    boolean answered =
        Pause.until(
            max,
            () -> {
              try {
                answer.add(attempt.run());
                return true;
              } catch (Failed again) {
                last[0] = String.valueOf(again.getMessage());
                if (!again.isExpected()) {
                  unexpected.add(last[0]);
                }
                return false;
              }
            });
    unexpected.forEach(
        each -> anomalies.accept("unexpected answer to %s: %s".formatted(what, each)));
    if (!answered) {
      throw new IllegalStateException(
          "no answer to %s within %d s: %s".formatted(what, max.toSeconds(), last[0]));
    }
    return answer.getFirst();
  }
}
