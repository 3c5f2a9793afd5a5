package dev.kindstead.directory;

import dev.kindstead.directory.NodeMemory.Boot;
import dev.kindstead.environment.Network;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Whether a node that says hello may take part: its disk is no older copy, and no other process
 * runs with what the disk says. Thread-safe.
 *
 * <p><b>Invariant.</b> Of one node no two starts are welcome here of which neither has the other in
 * its past; and a start that follows another is welcome only when that one does not answer any
 * more.
 */
final class Welcome {
  /** Whoever says hello waits for {@link Admission#ANSWER_LIMIT}. */
  private static final Duration FORMER_LIMIT = Duration.ofSeconds(1);

  private final NodeMemory memory;
  private final Network network;
  private final Executor blocking;

  /**
   * @param blocking runs what may wait for the disk
   */
  Welcome(NodeMemory memory, Network network, Executor blocking) {
    this.memory = memory;
    this.network = network;
    this.blocking = blocking;
  }

  /**
   * Ends with why the node is not welcome, or empty.
   *
   * @param question the hello of a node that belongs to no cluster: its answer says which start
   *     gives it, and the one asked asks nothing in turn
   */
  CompletableFuture<String> verdict(Hello asker, byte[] question) {
    Optional<NodeIdentity> identity = memory.identity();
    if (identity.isEmpty() || !asker.isFormed() || asker.nodeId().equals(memory.nodeId())) {
      return CompletableFuture.completedFuture("");
    }
    Boot heard = memory.heardOf(asker.nodeId());
    if (asker.boot().equals(heard)) {
      return CompletableFuture.completedFuture("");
    }
    if (!asker.continues(heard)) {
      return CompletableFuture.completedFuture(outdated(asker, heard));
    }
    return whoAnswers(asker, question)
        .thenApplyAsync(
            boot -> boot.equals(asker.boot()) ? take(asker) : besideAnother(asker, boot), blocking);
  }

  /**
   * The start that the calls of this node reach now: over the connection to the former process
   * while that lives. When nobody answers it is gone, or as far away as if it were.
   */
  private CompletableFuture<Boot> whoAnswers(Hello asker, byte[] question) {
    return network
        .call(asker.nodeId(), Network.Service.MEMBERSHIP, question, FORMER_LIMIT)
        .thenApply(answer -> Hello.decode(answer).boot())
        .exceptionally(_ -> asker.boot());
  }

  /** In one step: another copy may have said hello meanwhile. */
  private synchronized String take(Hello asker) {
    Boot heard = memory.heardOf(asker.nodeId());
    if (!asker.continues(heard)) {
      return outdated(asker, heard);
    }
    if (!asker.boot().equals(heard)) {
      memory.hear(asker.nodeId(), asker.boot());
    }
    return "";
  }

  private String outdated(Hello asker, Boot heard) {
    return "node %s comes with start %d of a data directory that has not made the start %d seen by node %s: the disk is an older copy, and what it has acknowledged since is missing. Give the node an empty data directory."
        .formatted(asker.nodeId(), asker.boot().number(), heard.number(), memory.nodeId());
  }

  private String besideAnother(Hello asker, Boot running) {
    return "node %s comes with start %d of a data directory while it runs already, with start %d, and answers node %s: the data directory is a copy of the one in use, and two must not vote as one. Give this node an empty data directory."
        .formatted(asker.nodeId(), asker.boot().number(), running.number(), memory.nodeId());
  }
}
