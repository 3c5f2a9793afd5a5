package dev.kindstead.server;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.Formation;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.directory.NodeMemory;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import dev.kindstead.replication.RaftLog;
import dev.kindstead.transport.Introduction;
import dev.kindstead.transport.NodeTransport;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes: the network to them, and this node's place among them.
 *
 * <p>Thread rule: made and closed by one thread.
 */
final class Neighbours implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);

  private final NodeTransport transport;
  private final NodeMemory memory;

  /**
   * Listens for them.
   *
   * @throws Refusal when the address can't be had
   */
  Neighbours(ClusterOptions options, NodeMemory memory, Clock clock, Executor blocking) {
    this.memory = memory;
    transport =
        new NodeTransport(
            options.transport(),
            () ->
                new Introduction(
                    memory.nodeId(), memory.identity().map(NodeIdentity::clusterId).orElse("")),
            clock,
            blocking);
    try {
      transport.start().join();
    } catch (CompletionException e) {
      transport.close();
      throw new Refusal(
          ExitCode.ADDRESS,
          "can't listen for other nodes on %s: %s\nChoose another address with --node-listen."
              .formatted(options.transport().listen(), e.getCause()));
    }
  }

  Network network() {
    return transport;
  }

  /**
   * Waits until this node may take part, and says on the log what for.
   *
   * @throws Refusal when the other nodes do not take it
   */
  NodeIdentity meet(ClusterOptions options, int shards, Timers timers, RandomGenerator random) {
    var formation =
        new Formation(
            memory, options.join(), shards, transport, transport::meet, timers, random, LOG::info);
    NodeIdentity identity;
    try {
      identity = formation.start().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Formation.JoinRefused refused) {
        throw new Refusal(ExitCode.CLUSTER_REFUSED, String.valueOf(refused.getMessage()));
      }
      throw e;
    }
    LOG.info("{} takes part; the cluster has {} nodes", identity, identity.members().size());
    RaftLog.connect(identity.nodeId(), transport);
    return identity;
  }

  @Override
  public void close() {
    RaftLog.disconnect();
    transport.close();
  }
}
