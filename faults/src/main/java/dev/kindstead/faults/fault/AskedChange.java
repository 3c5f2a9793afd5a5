package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Pause;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A change of members that an operator asks for, again and again while it is refused. While other
 * faults go on, or the node that serves has just begun to, that may be; where a node that could
 * take the place answers and somebody serves, not for long. Confined to one thread.
 */
final class AskedChange {
  /** As long it may be refused: who has just begun to serve has yet to hear of the others. */
  static final Duration REFUSED_MAX = Duration.ofSeconds(15);

  /** Answers that say that nobody was there to refuse it. */
  private static final List<String> NOBODY =
      List.of(
          "no node answers",
          "no node of the cluster serves",
          "no majority:",
          "no node with a vote answers");

  private final String what;
  private final Supplier<String> asking;
  private final BooleanSupplier hasSpare;
  private final LongSupplier nanos;
  private boolean accepted;
  private String refusal = "";
  private long refusedSince;
  private long refusedLast;

  /**
   * @param asking asks for it; empty when it is accepted, else why not
   * @param hasSpare whether a node without a vote answers
   */
  AskedChange(String what, Supplier<String> asking, BooleanSupplier hasSpare) {
    this(what, asking, hasSpare, System::nanoTime);
  }

  AskedChange(String what, Supplier<String> asking, BooleanSupplier hasSpare, LongSupplier nanos) {
    this.what = what;
    this.asking = asking;
    this.hasSpare = hasSpare;
    this.nanos = nanos;
  }

  /** Once; whether it is accepted, now or before. */
  boolean ask() {
    if (accepted) {
      return true;
    }
    String answer = asking.get();
    accepted = answer.isEmpty();
    if (accepted || NOBODY.stream().anyMatch(answer::contains) || !hasSpare.getAsBoolean()) {
      refusal = "";
      return accepted;
    }
    refusedLast = nanos.getAsLong();
    refusedSince = refusal.isEmpty() ? refusedLast : refusedSince;
    refusal = answer;
    return false;
  }

  /** Until it is accepted, has become needless, or the time is over. */
  void insist(Duration max, BooleanSupplier isNeedless) {
    Pause.until(max, () -> ask() || isNeedless.getAsBoolean());
  }

  boolean isAccepted() {
    return accepted;
  }

  /** A refusal that stood for too long, up to the last time that it was asked for. */
  List<String> anomalies() {
    return accepted || refusal.isEmpty() || refusedLast - refusedSince < REFUSED_MAX.toNanos()
        ? List.of()
        : List.of(
            "%s was refused for %d s although a node without a vote answers: %s"
                .formatted(what, (refusedLast - refusedSince) / 1_000_000_000, refusal));
  }
}
