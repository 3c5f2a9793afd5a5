package dev.kindstead.server;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.Admission;
import dev.kindstead.directory.Formation;
import dev.kindstead.directory.MembershipMessages;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import dev.kindstead.placement.Roster;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.RaftLog;
import dev.kindstead.transport.Introduction;
import dev.kindstead.transport.NodeTls;
import dev.kindstead.transport.NodeTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes: the network to them, and this node's place among them.
 *
 * <p>Thread rule: made and closed by one thread.
 */
final class Neighbours implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);

  /** An election is over before so many. */
  private static final int UNLED_LOOKS = 3;

  private final NodeTransport transport;
  private final NodeFiles memory;
  private final MembershipMessages messages = new MembershipMessages();
  private final Executor blocking;
  private final Consumer<String> refused;
  private final Admission admission;
  private volatile @Nullable Formation meeting;

  /** Looks in a row, see {@link #follow}, at which no leader was known. */
  private final AtomicInteger unled = new AtomicInteger();

  private record KnownAddresses(NodeTransport transport) implements Formation.Addresses {
    @Override
    public CompletableFuture<String> meet(String address, Duration timeout) {
      return transport
          .meet(address, timeout)
          .exceptionallyCompose(failure ->
              CompletableFuture.failedFuture(
                  NodeTransport.isOfOtherCluster(failure)
                      ? new Formation.OtherCluster(String.valueOf(failure.getMessage()))
                      : failure));
    }

    @Override
    public Map<String, String> known() {
      return transport.addresses();
    }

    @Override
    public void learn(String nodeId, String address) {
      transport.learn(nodeId, address);
    }
  }

  /**
   * Listens for them.
   *
   * @param refused told why this node, which takes part, has to stop at once
   * @throws Refusal when the address can't be had, or the certificates can't be used
   */
  Neighbours(
      ClusterOptions options,
      NodePlace place,
      NodeFiles memory,
      Clock clock,
      Executor blocking,
      Consumer<String> refused) {
    this.memory = memory;
    this.refused = refused;
    this.blocking = blocking;
    transport = transport(options, memory, clock, blocking);
    admission = new Admission(transport, memory.nodeId(), place);
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

  private static NodeTransport transport(
      ClusterOptions options, NodeFiles memory, Clock clock, Executor blocking) {
    NodeTls tls = options.transport().tls();
    try {
      if (tls != null) {
        tls.check();
      }
      return new NodeTransport(
          options.transport(),
          () ->
              new Introduction(
                  memory.nodeId(), memory.identity().map(NodeIdentity::clusterId).orElse("")),
          clock,
          blocking);
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          ExitCode.USAGE,
          "can't use the certificates for other nodes (--node-tls-*): " + e.getMessage());
    }
  }

  Network network() {
    return transport;
  }

  /** What nodes ask each other about the cluster. */
  MembershipMessages messages() {
    return messages;
  }

  /**
   * To be told each second who has a replica: gets to know those who have come later, hears whether
   * another process takes part in this node's place, remembers who has a vote, so that the next
   * start waits for a majority of them, and asks for admission as long as nobody leads this node.
   *
   * @param isLed whether this node knows of a leader
   */
  void follow(Members members, boolean isLed) {
    blocking.execute(() -> {
      remember(members);
      memory.found(addresses());
    });
    Formation met = meeting;
    if (met == null) {
      return;
    }
    if (isLed) {
      unled.set(0);
      admission.forget();
    } else if (unled.incrementAndGet() >= UNLED_LOOKS) {
      met.askAgain();
    }
    met.greet();
  }

  private void remember(Members members) {
    memory
        .identity()
        .filter(known ->
            !members.voters().isEmpty() && !known.members().equals(List.copyOf(members.voters())))
        .ifPresent(known -> memory.join(known.withMembers(List.copyOf(members.voters()))));
  }

  /** Who serves, as nodes have told that were asked for admission: this one may have no replica. */
  Optional<String> servingByWord() {
    return admission.serving();
  }

  /** The nodes of the cluster, told likewise. */
  Optional<Roster> rosterByWord() {
    return Roster.parse(admission.roster());
  }

  /** Where the others dial this node. */
  String advertised() {
    return transport.advertised();
  }

  /** Where the others are, by id. */
  Map<String, String> addresses() {
    return transport.addresses();
  }

  /**
   * Waits until this node may take part, and says on the log what for.
   *
   * @throws Refusal when the other nodes do not take it
   */
  NodeIdentity meet(ClusterOptions options, int shards, Timers timers, RandomGenerator random) {
    if (options.join().isEmpty()) {
      beginWithoutJoin(shards, random);
    }
    var formation =
        new Formation(
            memory,
            options.join(),
            shards,
            transport,
            messages,
            new KnownAddresses(transport),
            admission,
            timers,
            random,
            blocking,
            LOG::info,
            refused);
    meeting = formation;
    NodeIdentity identity;
    try {
      identity = formation.start().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Formation.JoinRefused refused) {
        throw new Refusal(ExitCode.CLUSTER_REFUSED, String.valueOf(refused.getMessage()));
      }
      throw e;
    }
    if (!options.join().isEmpty() || memory.isOfSeveral()) {
      LOG.info("{} takes part with start {}", identity, memory.boot().number());
    }
    RaftLog.connect(identity.nodeId(), transport);
    return identity;
  }

  /** A node that has begun alone, and has got others, finds them where they were. */
  private void beginWithoutJoin(int shards, RandomGenerator random) {
    if (memory.isOfSeveral() && !memory.addresses().isEmpty()) {
      try {
        memory.addresses().forEach(transport::learn);
        return;
      } catch (IllegalArgumentException unreadable) {
        LOG.warn("where the other nodes were is not known: {}", unreadable.getMessage());
      }
    }
    var unused = memory.alone(shards, random);
  }

  @Override
  public void close() {
    RaftLog.disconnect();
    transport.close();
  }
}
