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

  private final Target target;
  private final Members members;
  private final boolean isAsked;
  private String dead = "";
  private String added = "";
  private boolean isReplaced;
  private boolean isAsAsked;

  private NodeReplacement(Target target, boolean isAsked) {
    this.target = target;
    this.isAsked = isAsked;
    members = target.cluster().members();
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
    Optional<String> other = members.withoutVote();
    if (voter.isEmpty() || other.isEmpty()) {
      return;
    }
    dead = voter.get();
    target.node().kill();
    if (isAsked) {
      added = members.change("add", other.get()).isEmpty() ? other.get() : "";
    }
  }

  @Override
  public void end() {
    if (dead.isEmpty()) {
      return;
    }
    isReplaced = isDue() && members.isOutWithin(REPLACED_MAX, dead);
    isAsAsked = !added.isEmpty() && members.hasVote(added);
    target.node().launch();
  }

  private boolean isDue() {
    return !dead.isEmpty() && (!isAsked || !added.isEmpty());
  }

  @Override
  public String effect() {
    return isReplaced ? dead + " was replaced" + (isAsAsked ? ", as asked" : "") : "";
  }

  /** By another one than was asked for is as good: a wish ends with the tenure it was heard in. */
  @Override
  public List<String> anomalies() {
    return isReplaced || !isDue()
        ? List.of()
        : List.of("%s was not replaced within %d s".formatted(dead, REPLACED_MAX.toSeconds()));
  }
}
