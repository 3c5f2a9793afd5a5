package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Members;
import java.time.Duration;
import java.util.List;

/**
 * A node is taken out for good while it runs, and others take over its votes and replicas; in the
 * end it comes again with an empty data directory, as a new one.
 */
final class NodeRemoval implements Fault {
  /** After all that happened beside it is over. */
  private static final Duration OUT_MAX = Duration.ofMinutes(3);

  private final Target target;
  private final Members members;
  private String id = "";
  private boolean isOut;

  NodeRemoval(Target target) {
    this.target = target;
    members = target.cluster().members();
  }

  @Override
  public void begin() {
    id =
        members
            .id(target.node())
            .filter(known -> members.change("remove", known).isEmpty())
            .orElse("");
    if (!id.isEmpty()) {
      target.node().expectEnd();
    }
  }

  @Override
  public void end() {
    if (!id.isEmpty()) {
      isOut = members.isOutWithin(OUT_MAX, id);
      if (isOut) {
        target.cluster().renew(target.node());
      }
    }
  }

  @Override
  public String effect() {
    return isOut ? id + " has no vote and no replica any more" : "";
  }

  @Override
  public List<String> anomalies() {
    return id.isEmpty() || isOut
        ? List.of()
        : List.of("%s was not out %d s after its removal".formatted(id, OUT_MAX.toSeconds()));
  }
}
