package dev.kindstead.placement;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.ReplicatedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Brings the leaders of shards to where they belong: spread evenly over the voters that answer, or
 * all to the node that leads the system group. Whoever leads a shard that belongs elsewhere hands
 * it over, so nobody has to agree with anybody first.
 *
 * <p>Thread-safe; it looks from one timer at a time.
 */
public final class LeaderPlacement implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(100);

  /** In which the system group, too, finds out that its leader is gone. */
  private static final Duration SUSPICION = Duration.ofSeconds(1);

  /** A shard belongs elsewhere for so long before it goes there: nodes come and go. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** A node that did not keep what it was given is given nothing for so long. */
  private static final Duration UNWILLING_FOR = Duration.ofMinutes(1);

  /** Where leaders belong. */
  public enum Policy {
    SPREAD,
    TOGETHER
  }

  private final Policy policy;
  private final List<ReplicatedLog> shards;
  private final ReplicaPlacement replicas;
  private final Supplier<Optional<String>> serving;
  private final Supplier<Set<String>> draining;
  private final String nodeId;
  private final Clock clock;
  private final Timers timers;

  /** As of this look. */
  private List<Members> placed = List.of();

  private Map<String, Integer> weights = Map.of();
  private Set<String> drained = Set.of();

  private final List<Led> led = new ArrayList<>();
  private final Map<String, Long> unwillingSince = new HashMap<>();

  private volatile boolean leaving;

  /** Nodes that are leaving as well. */
  private volatile Set<String> leavingToo = Set.of();

  private volatile boolean closed;

  /** Where the leaders belong when these nodes may lead the shards and one the system group. */
  private record Assignment(
      List<Set<String>> homes,
      String system,
      Map<String, Integer> weights,
      Map<String, String> leaders) {
    static final Assignment NONE = new Assignment(List.of(), "", Map.of(), Map.of());
  }

  /** What this node knows of one shard's leaders. */
  private static final class Led {
    /** The last leader that was not this node. */
    String other = "";

    /** Since when this node leads, by the monotonic clock. */
    long sinceNanos;

    /** Where it belongs, and since when. */
    String belongs = "";

    long belongsSinceNanos;

    /** Who was asked to lead it last, and when. */
    String asked = "";

    long askedNanos;

    /**
     * The last answer of {@link #assign}, which is asked the same again and again; of each shard,
     * since it is asked differently for each while a node does not answer.
     */
    Assignment assignment = Assignment.NONE;
  }

  /**
   * @param replicas where they belong: leaders go nowhere else
   * @param serving the node that leads the system group, as far as this one knows
   * @param draining nodes that would give away at once what they were given, as far as this one
   *     knows
   * @param nodeId this node's
   */
  public LeaderPlacement(
      Policy policy,
      List<ReplicatedLog> shards,
      ReplicaPlacement replicas,
      Supplier<Optional<String>> serving,
      Supplier<Set<String>> draining,
      String nodeId,
      Clock clock,
      Timers timers) {
    this.policy = policy;
    this.shards = List.copyOf(shards);
    this.replicas = replicas;
    this.serving = serving;
    this.draining = draining;
    this.nodeId = nodeId;
    this.clock = clock;
    this.timers = timers;
    shards.forEach(_ -> led.add(new Led()));
  }

  public void start() {
    timers.schedule(PERIOD, this::lookAgain);
  }

  /**
   * From now on this node gives away whatever it leads of shards, but keeps what only nodes could
   * lead that are leaving as well: those would give it back at once, and so on without an end.
   *
   * @param others the nodes that are leaving as well, as far as this one knows
   */
  public void leave(Set<String> others) {
    leavingToo = Set.copyOf(others);
    leaving = true;
    look();
  }

  private void lookAgain() {
    if (closed) {
      return;
    }
    try {
      look();
    } finally {
      // What could not be read now may be readable the next time.
      start();
    }
  }

  private synchronized void look() {
    Optional<ReplicaPlacement.Placed> known = replicas.now();
    placed = known.map(ReplicaPlacement.Placed::byShard).orElse(List.of());
    weights = known.map(ReplicaPlacement.Placed::weights).orElse(Map.of());
    drained = draining.get();
    long now = clock.monotonicNanos();
    for (int shard = 0; shard < shards.size(); shard++) {
      Led its = led.get(shard);
      String leader = shards.get(shard).leader().orElse("");
      if (leader.equals(nodeId)) {
        look(shard, its, now);
      } else {
        its.other = leader.isEmpty() ? its.other : leader;
        its.sinceNanos = now;
      }
    }
  }

  private void look(int shard, Led known, long now) {
    if (leaving) {
      if (couldBeLedElsewhere(shard)) {
        shards.get(shard).resignLeadership();
      }
      return;
    }
    if (!known.asked.isEmpty() && now - known.askedNanos > SUSPICION.toNanos()) {
      unwillingSince.put(known.asked, now); // it was given the shard, and here it is
      known.asked = "";
    }
    String belongs = policy == Policy.TOGETHER ? together(shard) : spread(shard, now);
    if (!belongs.equals(known.belongs)) {
      known.belongs = belongs;
      known.belongsSinceNanos = now;
    }
    if (belongs.isEmpty() || belongs.equals(nodeId)) {
      return;
    }
    boolean isTime =
        policy == Policy.TOGETHER
            ? !isSuspect(known, belongs, now)
            : now - Math.max(known.belongsSinceNanos, known.sinceNanos) >= PATIENCE.toNanos();
    if (isTime) {
      known.asked = policy == Policy.TOGETHER ? "" : belongs;
      known.askedNanos = now;
      known.belongsSinceNanos = now;
      shards.get(shard).transferLeadership(belongs);
    }
  }

  private boolean couldBeLedElsewhere(int shard) {
    Set<String> known = leavingToo;
    return known.isEmpty()
        || shards.get(shard).answering().stream()
            .anyMatch(node -> !node.equals(nodeId) && !known.contains(node));
  }

  /**
   * Who has just lost the shard to this node is probably dead: to hand it back would leave the
   * shard without a leader for an election timeout.
   */
  private static boolean isSuspect(Led known, String leader, long now) {
    return leader.equals(known.other) && now - known.sinceNanos < SUSPICION.toNanos();
  }

  /** With a shard of which the node that serves has no replica, nothing can be done. */
  private String together(int shard) {
    return serving
        .get()
        .filter(it -> placed.isEmpty() || placed.get(shard).voters().contains(it))
        .orElse("");
  }

  /** The system group's leader has work beside shards, and counts as if it led one. */
  private String spread(int shard, long now) {
    unwillingSince.values().removeIf(since -> now - since > UNWILLING_FOR.toNanos());
    Set<String> own = new HashSet<>(shards.get(shard).answering());
    own.removeAll(unwillingSince.keySet());
    own.removeAll(drained);
    List<Set<String>> homes = new ArrayList<>();
    for (int each = 0; each < shards.size(); each++) {
      Set<String> home = placed.isEmpty() ? own : placed.get(each).voters();
      homes.add(each == shard ? both(own, home) : home);
    }
    String serves = serving.get().orElse("");
    Assignment assignment = led.get(shard).assignment;
    if (!assignment.homes().equals(homes)
        || !assignment.system().equals(serves)
        || !assignment.weights().equals(weights)) {
      assignment = new Assignment(homes, serves, weights, assign(homes, serves, weights));
      led.get(shard).assignment = assignment;
    }
    return assignment.leaders().getOrDefault(name(shard), "");
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    Set<String> both = new HashSet<>(one);
    both.retainAll(other);
    return both;
  }

  /**
   * Who leads each shard; others than one's own are taken to be led as if all their nodes answered.
   *
   * @param homes of each shard, the nodes that may lead it
   * @param known what nodes weigh
   */
  private static Map<String, String> assign(
      List<Set<String>> homes, String serves, Map<String, Integer> known) {
    Map<String, Integer> weights = new HashMap<>();
    homes.forEach(nodes -> nodes.forEach(node -> weights.put(node, known.getOrDefault(node, 1))));
    if (weights.isEmpty()) {
      return Map.of();
    }
    Map<String, Set<String>> byName = new LinkedHashMap<>();
    for (int shard = 0; shard < homes.size(); shard++) {
      byName.put(name(shard), homes.get(shard));
    }
    return new Ring(weights)
        .assign(
            List.copyOf(byName.keySet()),
            weights.containsKey(serves) ? Map.of(serves, 1) : Map.of(),
            name -> byName.getOrDefault(name, Set.of()));
  }

  private static String name(int shard) {
    return "leader of shard " + shard;
  }

  /** Whether this node leads no group at all. */
  public boolean leadsNothing() {
    Optional<String> self = Optional.of(nodeId);
    return !serving.get().equals(self)
        && shards.stream().noneMatch(shard -> shard.leader().equals(self));
  }

  @Override
  public void close() {
    closed = true;
  }
}
