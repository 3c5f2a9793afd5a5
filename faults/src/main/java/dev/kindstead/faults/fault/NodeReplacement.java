package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Members;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A node with a vote is dead, and another one gets that vote: because its operator says so, or by
 * itself after {@code --replace-after}. In the end it starts again, as one without a vote.
 */
final class NodeReplacement implements Fault {
  private static final Duration REPLACED_MAX = Duration.ofMinutes(3);

  /** From when all that happened beside it has ended; by itself it is replaced before. */
  private static final Duration ACCEPTED_MAX = Duration.ofMinutes(1);

  private final Target target;
  private final Members members;
  private final boolean isAsked;
  private final AskedChange addition;
  private String dead = "";
  private String added = "";
  private boolean isReplaced;
  private boolean isAsAsked;

  private NodeReplacement(Target target, boolean isAsked) {
    this.target = target;
    this.isAsked = isAsked;
    members = target.cluster().members();
    addition =
        new AskedChange(
            "the addition of a node", this::add, () -> members.withoutVote().isPresent());
  }

  static Fault asked(Target target) {
    return new NodeReplacement(target, true);
  }

  static Fault afterSomeTime(Target target) {
    return new NodeReplacement(target, false);
  }

  @Override
  public void begin() {
    Optional<String> voter = members.id(target.node()).filter(members::hasVote);
    if (voter.isEmpty() || members.withoutVote().isEmpty()) {
      return;
    }
    dead = voter.get();
    target.node().kill();
    if (isAsked) {
      addition.ask();
    }
  }

  /** Whoever answers now: who did before may have a fault of its own. */
  private String add() {
    added = members.withoutVote().orElse("");
    return added.isEmpty() ? "nobody without a vote answers" : members.change("add", added);
  }

  @Override
  public void end() {
    if (dead.isEmpty()) {
      return;
    }
    if (isAsked && !addition.isAccepted()) {
      addition.insist(ACCEPTED_MAX, () -> members.isOutWithin(Duration.ZERO, dead));
    }
    isReplaced = isDue() && members.isOutWithin(REPLACED_MAX, dead);
    isAsAsked = addition.isAccepted() && members.hasVote(added);
    target.node().launch();
  }

  private boolean isDue() {
    return !dead.isEmpty() && (!isAsked || addition.isAccepted());
  }

  @Override
  public String effect() {
    return isReplaced ? dead + " was replaced" + (isAsAsked ? ", as asked" : "") : "";
  }

  /** By another one than was asked for is as good: a wish ends with the tenure it was heard in. */
  @Override
  public List<String> anomalies() {
    return isReplaced || !isDue()
        ? addition.anomalies()
        : List.of("%s was not replaced within %d s".formatted(dead, REPLACED_MAX.toSeconds()));
  }
}
