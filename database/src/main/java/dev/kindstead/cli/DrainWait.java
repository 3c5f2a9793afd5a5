package dev.kindstead.cli;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.Drain;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks until a drain that has begun is over, or for long enough. */
final class DrainWait {
  /** Some twenty seconds: a hand-over takes one when another node is there to take over. */
  private static final int LOOKS_MAX = 40;

  private static final long PAUSE_MILLIS = 500;

  private DrainWait() {}

  /**
   * What is not over yet, in words; empty when all is.
   *
   * @param look asks for the cluster as it is
   * @param pause between two looks
   */
  static Optional<String> left(Supplier<ClusterDescription> look, String nodeId, Runnable pause) {
    var drain = new Drain(look.get(), nodeId);
    for (int looks = 1; looks < LOOKS_MAX && !drain.isOver(); looks++) {
      pause.run();
      drain = new Drain(look.get(), nodeId);
    }
    return drain.isOver() ? Optional.empty() : Optional.of(told(drain));
  }

  private static String told(Drain drain) {
    String left =
        drain.left().isEmpty()
            ? "no other node serves yet"
            : "it still leads %s, which no other node has taken over yet"
                .formatted(String.join(", ", drain.left()));
    return "it is drained and gives away what it leads, but %s. That goes on: `kindstead shard list` shows who leads, `kindstead cluster status` what is wrong"
        .formatted(left);
  }

  /** Half a second. */
  static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw new Refusal(ExitCode.UNEXPECTED, "interrupted");
    }
  }
}
