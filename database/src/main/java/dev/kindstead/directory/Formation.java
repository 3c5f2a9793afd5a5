package dev.kindstead.directory;

import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import dev.kindstead.environment.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Finds the other nodes at a start, and founds the cluster when there is none: see the room's
 * invariants. It answers the hello of other nodes for as long as this node lives.
 *
 * <p>Thread-safe; {@link #start} is called once.
 */
public final class Formation {
  /** A node says who it is when it starts. */
  static final String HELLO = "hello";

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration ANSWER_LIMIT = Admission.ANSWER_LIMIT;

  /** Lists of this length found a cluster: what survives the loss of a minority. */
  private static final Set<Integer> FOUNDING_SIZES = Set.of(1, 3, 5);

  private final NodeMemory memory;
  private final List<String> join;
  private final int shards;
  private final Network network;
  private final MembershipMessages messages;
  private final Addresses addresses;
  private final Admission admission;
  private final Timers timers;
  private final RandomGenerator random;
  private final Executor blocking;
  private final Consumer<String> progress;
  private final Consumer<String> refused;
  private final CompletableFuture<NodeIdentity> ready = new CompletableFuture<>();
  private final AtomicInteger greetings = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final Welcome welcome;
  private String told = "";

  /** Who is behind which address. Thread-safe. */
  public interface Addresses {
    /**
     * Asks who is there; ends with the node's id, or with {@link OtherCluster} where that is known.
     */
    CompletableFuture<String> meet(String address, Duration timeout);

    /** The other nodes' addresses by their ids, as far as they are known. */
    Map<String, String> known();

    void learn(String nodeId, String address);
  }

  /** The node must not go on: its user has to act. */
  public static final class JoinRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    JoinRefused(String message) {
      super(message);
    }
  }

  /** The node at an address has nothing to do with this one. */
  public static final class OtherCluster extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OtherCluster(String message) {
      super(message);
    }
  }

  /** What came of asking one address: a hello, or why there is none. */
  private record Asked(
      String address, Optional<Hello> hello, String failure, boolean isOfOtherCluster) {}

  /**
   * @param join addresses of nodes, the same on all founders in any order
   * @param shards of a cluster that is founded
   * @param random unpredictable
   * @param blocking runs what may wait for the disk: the network's threads must not
   * @param progress told what is waited for, whenever that changes
   * @param refused told why a node that takes part must not any more; it has to stop at once
   */
  public Formation(
      NodeMemory memory,
      List<String> join,
      int shards,
      Network network,
      MembershipMessages messages,
      Addresses addresses,
      Admission admission,
      Timers timers,
      RandomGenerator random,
      Executor blocking,
      Consumer<String> progress,
      Consumer<String> refused) {
    this.memory = memory;
    this.join = join.stream().distinct().sorted().toList();
    this.shards = shards;
    this.network = network;
    this.messages = messages;
    this.addresses = addresses;
    this.admission = admission;
    this.timers = timers;
    this.random = random;
    this.blocking = blocking;
    this.progress = progress;
    this.refused = refused;
    welcome = new Welcome(memory, network, blocking);
  }

  /** Ends when this node may take part, or with {@link JoinRefused}. */
  public CompletableFuture<NodeIdentity> start() {
    messages.on(HELLO, this::answer);
    network.serve(Network.Service.MEMBERSHIP, messages);
    if (!memory.refusal().isEmpty()) {
      ready.completeExceptionally(new JoinRefused(memory.refusal()));
    }
    round();
    return ready;
  }

  private void round() {
    if (ready.isDone()) {
      return;
    }
    var all = new LinkedHashSet<>(join);
    if (memory.identity().isPresent()) {
      all.addAll(addresses.known().values());
    }
    List<CompletableFuture<Asked>> asked = all.stream().map(this::ask).toList();
    Runnable decision = () -> decide(asked.stream().map(CompletableFuture::join).toList());
    CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenRunAsync(decision, blocking)
        .whenComplete((_, failure) -> {
          if (failure != null) {
            ready.completeExceptionally(Waiting.causeOf(failure));
          } else if (!ready.isDone()) {
            timers.schedule(PAUSE, this::round);
          }
        });
  }

  private CompletableFuture<Asked> ask(String address) {
    byte[] hello = own("").encode();
    return addresses
        .meet(address, ANSWER_LIMIT)
        .thenCompose(id -> network.call(id, Network.Service.MEMBERSHIP, hello, ANSWER_LIMIT))
        .thenApply(answer -> {
          Hello told = Hello.decode(answer);
          learn(told.addresses());
          return new Asked(address, Optional.of(told), "", false);
        })
        .exceptionally(failure -> {
          boolean isOfOtherCluster = Waiting.causeOf(failure) instanceof OtherCluster;
          String why = Messages.reason(failure);
          return new Asked(address, Optional.empty(), why, isOfOtherCluster);
        });
  }

  private Hello own(String verdict) {
    return hello(memory.identity().map(Hello::packed).orElse(""), verdict);
  }

  private Hello hello(String identity, String verdict) {
    return new Hello(
        memory.nodeId(), memory.boot(), memory.past(), join, identity, addresses.known(), verdict);
  }

  /** What a node says of itself when it dials counts for more than what others say of it. */
  private void learn(Map<String, String> told) {
    Map<String, String> known = addresses.known();
    told.forEach((id, address) -> {
      if (!known.containsKey(id) && !id.equals(memory.nodeId())) {
        addresses.learn(id, address);
      }
    });
  }

  /**
   * Says hello to one of the nodes that are known, the next one each time, while this node takes
   * part. It hears whom that one knows: a node that has joined later is known to the one it has
   * asked, at first. And it hears when another process has been taken for this node since, with the
   * same disk or a copy.
   */
  public void greet() {
    nextKnown(greetings)
        .ifPresent(id ->
            network
                .call(id, Network.Service.MEMBERSHIP, own("").encode(), ANSWER_LIMIT)
                .thenAcceptAsync(answer -> greeted(Hello.decode(answer)), blocking));
  }

  private void greeted(Hello answer) {
    learn(answer.addresses());
    if (ready.isDone() && !answer.verdict().isEmpty()) {
      try {
        memory.refused(answer.verdict());
      } finally {
        refused.accept(answer.verdict());
      }
    }
  }

  /**
   * Asks again to be taken in, one of the nodes that are known, the next one each time, and tells
   * why not: a node that was removed would not know it.
   */
  public void askAgain() {
    nextKnown(requests)
        .ifPresent(id -> admission.ask(id).thenAcceptAsync(this::tellWhyNot, blocking));
  }

  private void tellWhyNot(String whyNot) {
    tell(whyNot.isEmpty() ? "" : "this node is not taken into the cluster: " + whyNot);
  }

  private Optional<String> nextKnown(AtomicInteger turns) {
    List<String> ids = addresses.known().keySet().stream().sorted().toList();
    return ids.isEmpty()
        ? Optional.empty()
        : Optional.of(ids.get(Math.floorMod(turns.getAndIncrement(), ids.size())));
  }

  private void decide(List<Asked> asked) {
    Map<String, Hello> answers = new LinkedHashMap<>();
    asked.forEach(each -> each.hello().ifPresent(hello -> answers.put(hello.nodeId(), hello)));
    Optional<NodeIdentity> identity = memory.identity();
    if (identity.isPresent()) {
      returnTo(identity.get(), answers, asked);
    } else {
      findCluster(answers, asked);
    }
  }

  /**
   * A node comes back: a majority has to have seen that its disk is the one it left with. Of the
   * members that it knows, or of those that a member tells, for they may have changed since, and a
   * node that never had a vote knows none.
   */
  private void returnTo(NodeIdentity identity, Map<String, Hello> answers, List<Asked> asked) {
    var agreed = new LinkedHashSet<String>();
    agreed.add(identity.nodeId());
    var lists = new ArrayList<List<String>>();
    lists.add(identity.members());
    for (Hello answer : answers.values()) {
      if (!answer.isFormed() || !answer.cluster().clusterId().equals(identity.clusterId())) {
        continue;
      }
      if (!answer.verdict().isEmpty()) {
        memory.refused(answer.verdict());
        throw new JoinRefused(answer.verdict());
      }
      agreed.add(answer.nodeId());
      if (answer.cluster().members().contains(answer.nodeId())) {
        lists.add(answer.cluster().members());
      }
    }
    if (agreed.size() == 1) {
      refuseOtherCluster(identity, asked);
    }
    if (lists.stream().anyMatch(members -> isMajority(agreed, members))) {
      ready.complete(identity);
    } else {
      List<String> members =
          lists.stream().filter(each -> !each.isEmpty()).findFirst().orElse(List.of());
      tell(
          "waiting for a majority of the cluster's %s nodes: met %d%s"
              .formatted(
                  members.isEmpty() ? "unknown" : members.size(),
                  members.stream().filter(agreed::contains).count(),
                  failures(asked)));
    }
  }

  /**
   * Whoever is asked to join another cluster than its data directory's would otherwise serve what
   * that has, alone, or wait for members that are not there.
   */
  private void refuseOtherCluster(NodeIdentity identity, List<Asked> asked) {
    for (Asked each : asked) {
      if (each.isOfOtherCluster() && join.contains(each.address())) {
        throw new JoinRefused(
            "%s (%s). The data directory is of %s: start it with the addresses of that cluster, or give this node an empty one."
                .formatted(each.failure(), each.address(), identity.clusterId()));
      }
    }
  }

  private static boolean isMajority(Set<String> agreed, List<String> members) {
    return members.stream().filter(agreed::contains).count() > members.size() / 2;
  }

  private void findCluster(Map<String, Hello> answers, List<Asked> asked) {
    String self = memory.nodeId();
    for (Hello answer : answers.values()) {
      if (answer.isFormed()) {
        NodeIdentity cluster = answer.cluster();
        if (cluster.members().contains(self)) {
          memory.join(cluster.ofFounder(self));
        } else {
          follow(answer.nodeId(), cluster);
        }
        return;
      }
    }
    if (!FOUNDING_SIZES.contains(join.size())) {
      throw new JoinRefused(
          "--join names %d nodes. A cluster is founded by 3 or 5: %d can't lose one more node than %d."
              .formatted(join.size(), join.size(), join.size() - 1));
    }
    for (Hello answer : answers.values()) {
      if (!answer.join().equals(join)) {
        tell(
            "waiting: node %s was started with --join %s, this one with --join %s"
                .formatted(
                    answer.nodeId(), String.join(",", answer.join()), String.join(",", join)));
        return;
      }
    }
    List<String> ids = answers.keySet().stream().sorted().toList();
    if (ids.size() < join.size()) {
      tell(
          "waiting to meet %d nodes: met %d%s".formatted(join.size(), ids.size(), failures(asked)));
    } else if (!ids.contains(self)) {
      throw new JoinRefused("none of the addresses in --join is this node's own");
    } else if (ids.getFirst().equals(self)) {
      memory.join(NodeIdentity.found(self, ids, shards, random));
    } else {
      tell("met all %d nodes; node %s founds the cluster".formatted(ids.size(), ids.getFirst()));
    }
  }

  /** The cluster is there without this node, which begins as one without a vote. */
  private void follow(String nodeId, NodeIdentity cluster) {
    tell("asking node %s to take this one into %s".formatted(nodeId, cluster.clusterId()));
    admission.ask(nodeId).thenAcceptAsync(whyNot -> joined(cluster, whyNot), blocking);
  }

  private void joined(NodeIdentity cluster, String whyNot) {
    if (!whyNot.isEmpty()) {
      tell("waiting to be taken into %s: %s".formatted(cluster.clusterId(), whyNot));
    } else if (memory.identity().isEmpty()) {
      memory.join(cluster.ofNewcomer(memory.nodeId()));
    }
  }

  private static String failures(List<Asked> asked) {
    var text = new ArrayList<String>();
    for (Asked each : asked) {
      if (each.hello().isEmpty()) {
        text.add(each.address() + ": " + each.failure());
      }
    }
    return text.isEmpty() ? "" : " (" + String.join("; ", text) + ")";
  }

  /** Tells what is waited for, once; nothing where it is empty. */
  private synchronized void tell(String waiting) {
    if (!told.equals(waiting)) {
      told = waiting;
      if (!waiting.isEmpty()) {
        progress.accept(waiting);
      }
    }
  }

  private CompletableFuture<byte[]> answer(String fromNodeId, byte[] request) {
    Hello asker = Hello.decode(request);
    learn(asker.addresses());
    return welcome
        .verdict(asker, hello("", "").encode())
        .thenApply(verdict -> own(verdict).encode());
  }
}
