package dev.kindstead.faults.fault;

import dev.kindstead.faults.machine.Cluster;
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

  /** From when all that happened beside it has ended, until nodes have started again. */
  private static final Duration ACCEPTED_MAX = Cluster.READY_MAX;

  private final Target target;
  private final Members members;
  private final AskedChange removal;
  private String id = "";
  private boolean isOut;

  NodeRemoval(Target target) {
    this.target = target;
    members = target.cluster().members();
    removal =
        new AskedChange(
            "a node's removal",
            () -> members.change("remove", id),
            () -> members.withoutVote().isPresent());
  }

  @Override
  public void begin() {
    id = members.id(target.node()).orElse("");
    if (!id.isEmpty() && removal.ask()) {
      target.node().expectEnd();
    }
  }

  @Override
  public void end() {
    if (id.isEmpty()) {
      return;
    }
    if (!removal.isAccepted()) {
      removal.insist(ACCEPTED_MAX, () -> false);
    }
    if (removal.isAccepted()) {
      target.node().expectEnd();
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
    return !removal.isAccepted() || isOut
        ? removal.anomalies()
        : List.of("%s was not out %d s after its removal".formatted(id, OUT_MAX.toSeconds()));
  }
}
