package dev.kindstead.placement;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.placement.VoterChoice.Move;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Members;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.ReplicatedLog;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes which nodes have replicas: those of the system group on the node that serves, those of
 * each shard on the node that leads the shard, to where {@link ReplicaPlacement} says. So a change
 * that was interrupted is finished by whoever serves and leads next. Who serves also keeps the
 * roster of nodes that replicas are placed on.
 *
 * <p>Nodes that want to take part ask again and again; whoever has asked lately is a candidate.
 * Each change is one joint step, and the engine lets newcomers catch up before it: there are never
 * two voters, of which the loss of either would stop everything. Who shall vote: {@link
 * VoterChoice}.
 *
 * <p>Thread-safe; one change of a group at a time.
 */
public final class MemberChanges implements AutoCloseable {
  private static final int SYSTEM = -1;

  private static final Duration PERIOD = Duration.ofMillis(300);

  /** A node that has asked this long ago, and not since, may be gone. */
  private static final Duration CANDIDATE_FOR = Duration.ofSeconds(5);

  /** A new placement of replicas stands so long before it is acted on. */
  private static final Duration SETTLING = Duration.ofSeconds(2);

  /** A shard that has not moved is tried again. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /** So long a candidate that could not be given a vote comes after the others. */
  private static final Duration FAILED_FOR = Duration.ofMinutes(1);

  /**
   * Who has just begun to serve gives nobody up before it has listened for so long itself: the
   * others have to find it first.
   */
  private static final Duration LISTENS_FOR = Duration.ofSeconds(10);

  /** A wish that could not be granted by then is forgotten. */
  private static final Duration WISH_FOR = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(MemberChanges.class);

  private final ReplicatedLog system;
  private final List<ReplicatedLog> shards;
  private final ReplicaPlacement placement;
  private final String nodeId;
  private final Office office;
  private final Duration replaceAfter;
  private final Clock clock;
  private final Timers timers;

  /** When each candidate asked last, by the monotonic clock. */
  private final Map<String, Long> asked = new HashMap<>();

  private final Map<String, NodePlace> places = new HashMap<>();

  /** When each voter answered last, or was first missed. */
  private final Map<String, Long> answered = new HashMap<>();

  /** When each node of the roster was last heard of, or first missed. */
  private final Map<String, Long> heard = new HashMap<>();

  private final Map<String, Long> wished = new HashMap<>();

  /** When each candidate could not be given a vote, the last one last. */
  private final Map<String, Long> failed = new LinkedHashMap<>();

  /** Where replicas belong by the last look, and from when on that is acted on. */
  private List<Members> wanted = List.of();

  private long settledNanos;

  /** When each shard was to move last, by the monotonic clock. */
  private final long[] tried;

  /** By shard, what the log was last told of it: moves that can't be made take turns. */
  private final Map<Integer, Move> announced = new HashMap<>();

  private Optional<MoveInProgress> move = Optional.empty();
  private String failure = "";
  private boolean busy;
  private boolean closed;

  /** What the node does elsewhere. Thread-safe. */
  public interface Office {
    /** Whether this node serves. */
    boolean isServing();

    /** To be run before others get a vote for the first time. */
    void expectOthers();

    /** Nodes that were removed from the cluster. */
    Set<String> removed();

    /** The nodes of the cluster that are written down, by their ids. */
    Map<String, Command.PutNode> nodes();

    /** Writes a node down; ends when that is done. */
    CompletableFuture<Void> put(Command.PutNode node);

    /** Where nodes stand, as far as they have told. */
    Map<String, NodePlace> places();

    /** For how long nodes that do not answer have not, as far as this one knows. */
    Map<String, Duration> silent();
  }

  /**
   * A change of members that goes on.
   *
   * @param shard whose replicas move; -1 for the system group
   * @param sinceMicros wall time
   */
  public record MoveInProgress(int shard, List<String> in, List<String> out, long sinceMicros) {}

  /**
   * @param nodeId this node's
   * @param replaceAfter how long a node may not answer before others take its place
   */
  public MemberChanges(
      ReplicatedLog system,
      List<ReplicatedLog> shards,
      ReplicaPlacement placement,
      String nodeId,
      Office office,
      Duration replaceAfter,
      Clock clock,
      Timers timers) {
    this.system = system;
    this.shards = List.copyOf(shards);
    this.placement = placement;
    this.nodeId = nodeId;
    this.office = office;
    this.replaceAfter = replaceAfter;
    this.clock = clock;
    this.timers = timers;
    tried = new long[shards.size()];
    Arrays.fill(tried, clock.monotonicNanos() - RETRY_AFTER.toNanos());
  }

  public synchronized void start() {
    if (!closed) {
      timers.schedule(PERIOD, this::lookAgain);
    }
  }

  /**
   * A node wants to take part; to be repeated every few seconds.
   *
   * @return why not, or empty
   */
  public String admit(String nodeId, NodePlace place) {
    if (office.removed().contains(nodeId)) {
      return wasRemoved(nodeId);
    }
    synchronized (this) {
      asked.put(nodeId, clock.monotonicNanos());
      places.put(nodeId, place);
    }
    return "";
  }

  private static String wasRemoved(String nodeId) {
    return "node %s was removed from the cluster: give it an empty data directory to take part as a new one"
        .formatted(nodeId);
  }

  /** Whether there is such a node, or has been one that was removed. */
  public synchronized boolean isKnown(String nodeId) {
    Members now = system.members();
    return now.voters().contains(nodeId)
        || candidates(now).contains(nodeId)
        || office.nodes().containsKey(nodeId)
        || office.removed().contains(nodeId)
        || office.places().containsKey(nodeId);
  }

  /**
   * Whether a node may be removed: to be asked before it is written down.
   *
   * @return why not, or empty
   */
  public synchronized String whyNotRemove(String nodeId) {
    Members now = system.members();
    if (!now.voters().contains(nodeId)) {
      return "";
    }
    if (now.voters().size() == 1) {
      return "node %s is the only one".formatted(nodeId);
    }
    Set<String> others = candidates(now);
    others.removeAll(office.removed());
    others.remove(nodeId);
    // Those who are leaving already get theirs from the same few.
    Set<String> leaving = new TreeSet<>(now.voters());
    leaving.retainAll(office.removed());
    leaving.remove(nodeId);
    if (others.size() <= leaving.size()) {
      return "%d nodes have a vote and no other node is there to take the place of %s%s: the cluster would survive the loss of fewer nodes. %s"
          .formatted(
              now.voters().size(),
              nodeId,
              leaving.isEmpty() ? "" : ", besides that of " + String.join(" and ", leaving),
              whatToDo(now, others));
    }
    return "";
  }

  /** Who has just begun to serve, or is starved, may not have heard of one that is there. */
  private String whatToDo(Members now, Set<String> heard) {
    Set<String> silent = new TreeSet<>(office.nodes().keySet());
    silent.removeAll(now.voters());
    silent.removeAll(office.removed());
    silent.removeAll(heard);
    return silent.isEmpty()
        ? "Start another node with --join first."
        : "%s could, but has not said so for %d s: try again, or start another node with --join."
            .formatted(String.join(" or ", silent), CANDIDATE_FOR.toSeconds());
  }

  /**
   * Gives nodes a vote now: each in the place of a voter that does not answer, or two more.
   *
   * @return why not, or empty
   */
  public synchronized String wish(Set<String> nodeIds) {
    Members now = system.members();
    Set<String> candidates = candidates(now);
    for (String each : nodeIds) {
      if (now.voters().contains(each)) {
        return "node %s has a vote already".formatted(each);
      }
      if (office.removed().contains(each)) {
        return wasRemoved(each);
      }
      if (!candidates.contains(each)) {
        return "node %s has not asked to take part: start it with --join".formatted(each);
      }
    }
    Set<String> missing = new HashSet<>(now.voters());
    missing.removeAll(system.answering());
    boolean replaces = nodeIds.size() <= missing.size();
    boolean grows = nodeIds.size() == 2 && now.voters().size() + 2 <= VoterChoice.VOTERS_MAX;
    if (!replaces && !grows) {
      return "%s, and %s. A node takes the place of one that does not answer; otherwise two are added at a time, to %d in all: with an even number no more can be lost than with one fewer."
          .formatted(
              now.voters().size() == 1
                  ? "1 node has a vote"
                  : now.voters().size() + " nodes have a vote",
              missing.size() == 1
                  ? "1 of them does not answer"
                  : missing.size() + " of them do not answer",
              VoterChoice.VOTERS_MAX);
    }
    long nowNanos = clock.monotonicNanos();
    nodeIds.forEach(each -> wished.put(each, nowNanos));
    if (replaces) {
      giveUp(missing, nodeIds.size(), nowNanos);
    }
    return "";
  }

  /** As many as others are to take the place of: who is missing longest, by their ids if equal. */
  private void giveUp(Set<String> missing, int count, long nowNanos) {
    long givenUpNanos = nowNanos - replaceAfter.toNanos();
    missing.stream()
        .sorted(
            Comparator.<String>comparingLong(
                    each -> answered.getOrDefault(each, nowNanos) - nowNanos)
                .thenComparing(Comparator.naturalOrder()))
        .limit(count)
        .toList()
        .forEach(each -> {
          answered.put(each, givenUpNanos);
          heard.put(each, givenUpNanos);
        });
  }

  /** The change that goes on here. */
  public synchronized Optional<MoveInProgress> move() {
    return move;
  }

  private void lookAgain() {
    try {
      look();
    } finally {
      // What could not be read now may be readable the next time.
      start();
    }
  }

  private synchronized void look() {
    if (closed) {
      return;
    }
    if (!office.isServing()) {
      answered.clear();
      heard.clear();
      move = Optional.empty();
    }
    if (!busy && !(office.isServing() && (keepRoster() || changeNext()))) {
      moveShards();
    }
  }

  /** Of the system group; returns whether there is a change. */
  private boolean changeNext() {
    Members now = system.members();
    Set<String> lost = lost(now);
    Set<String> candidates = candidates(now);
    wished.values().removeIf(since -> isOver(since, WISH_FOR));
    wished.keySet().removeAll(now.voters());
    failed.values().removeIf(since -> isOver(since, FAILED_FOR));
    Map<String, String> zones = new HashMap<>();
    told().forEach((node, place) -> zones.put(node, place.zone()));
    var choice =
        new VoterChoice(
            now.voters(),
            zones,
            office.removed(),
            lost,
            candidates,
            Set.copyOf(wished.keySet()),
            List.copyOf(failed.keySet()));
    Optional<Move> next = choice.next();
    if (next.isPresent()) {
      if (now.voters().size() == 1) {
        office.expectOthers();
      }
      begin(SYSTEM, next.get());
      change(system, now.with(next.get().in()).without(next.get().out()));
      return true;
    }
    return false;
  }

  /** Writes down who is there and who is away, one at a time; returns whether it does. */
  private boolean keepRoster() {
    Members voters = system.members();
    Map<String, Command.PutNode> known = office.nodes();
    Set<String> present = new HashSet<>(system.answering());
    present.addAll(candidates(voters));
    present.removeAll(office.removed());
    long nowNanos = clock.monotonicNanos();
    present.forEach(each -> heard.put(each, nowNanos));
    Map<String, NodePlace> told = told();
    for (String each : present) {
      Command.PutNode before = known.get(each);
      NodePlace place =
          told.getOrDefault(each, before == null ? NodePlace.ANYWHERE : before.place());
      var now = new Command.PutNode(each, place, false);
      if (!now.equals(before)) {
        write(now);
        return true;
      }
    }
    Map<String, Duration> silent = office.silent();
    for (Command.PutNode each : known.values()) {
      long since = heard.computeIfAbsent(each.nodeId(), it -> missedSince(it, silent, nowNanos));
      if (!each.isAway() && isOver(since, replaceAfter)) {
        LOG.info("node {} is away: its replicas are rebuilt elsewhere", each.nodeId());
        write(new Command.PutNode(each.nodeId(), each.place(), true));
        return true;
      }
    }
    return false;
  }

  /** By what they said when they asked to take part, and by what they say now. */
  private Map<String, NodePlace> told() {
    Map<String, NodePlace> told = new HashMap<>(places);
    told.putAll(office.places());
    return told;
  }

  private void write(Command.PutNode node) {
    busy = true;
    var unused = office.put(node).whenComplete((_, _) -> free());
  }

  private synchronized void free() {
    busy = false;
  }

  /**
   * Of those that are led here, wherever the system group is, one at a time: first the one that was
   * tried longest ago, for a shard that can't move must not keep the others.
   */
  private void moveShards() {
    List<Members> placed = placement.all();
    long nowNanos = clock.monotonicNanos();
    if (!placed.equals(wanted)) {
      // When several nodes come or go, they do it one after the other.
      boolean isSpread = placed.stream().distinct().count() > 1;
      settledNanos = isSpread ? nowNanos + SETTLING.toNanos() : nowNanos;
      wanted = placed;
    }
    boolean allPlaced = true;
    int next = -1;
    for (int shard = 0; shard < placed.size(); shard++) {
      ReplicatedLog log = shards.get(shard);
      boolean ledHere = !log.answering().isEmpty();
      if (ledHere && !log.members().equals(placed.get(shard))) {
        allPlaced = false;
        next = next < 0 || tried[shard] < tried[next] ? shard : next;
      }
    }
    if (allPlaced) {
      move = Optional.empty();
    } else if (nowNanos >= settledNanos && isOver(tried[next], RETRY_AFTER)) {
      tried[next] = nowNanos;
      moveShard(next, shards.get(next).answering(), placed.get(next));
    }
  }

  /** Who is to have no replica any more hands the shard over first, to one who keeps its own. */
  private void moveShard(int shard, Set<String> answering, Members placed) {
    ReplicatedLog log = shards.get(shard);
    if (placed.voters().contains(nodeId)) {
      Members now = log.members();
      var in = placed.without(now.voters()).voters();
      var out = now.without(placed.voters()).voters();
      begin(shard, new Move(List.copyOf(in), List.copyOf(out)));
      change(log, placed);
      return;
    }
    Optional<String> next =
        placed.voters().stream()
            .filter(each -> log.members().voters().contains(each) && answering.contains(each))
            .findFirst();
    if (next.isPresent()) {
      log.transferLeadership(next.get());
    } else {
      change(log, placed.with(List.of(nodeId)));
    }
  }

  private void begin(int shard, Move next) {
    var begun = new MoveInProgress(shard, next.in(), next.out(), clock.wallMicros());
    if (move.filter(on -> isSame(on, begun)).isEmpty()) {
      move = Optional.of(begun);
    }
    if (!next.equals(announced.put(shard, next))) {
      LOG.info(
          "nodes {} are to get {}{}",
          next.in(),
          shard == SYSTEM ? "a vote" : "a replica of shard " + shard,
          next.out().isEmpty() ? "" : ", in the place of " + next.out());
    }
  }

  private static boolean isSame(MoveInProgress one, MoveInProgress other) {
    return one.shard() == other.shard()
        && one.in().equals(other.in())
        && one.out().equals(other.out());
  }

  private Set<String> candidates(Members now) {
    asked.values().removeIf(at -> isOver(at, CANDIDATE_FOR));
    Set<String> all = new HashSet<>(asked.keySet());
    all.removeAll(now.voters());
    return all;
  }

  /** Voters that have not answered for long. */
  private Set<String> lost(Members now) {
    Set<String> answering = system.answering();
    long nowNanos = clock.monotonicNanos();
    answered.keySet().retainAll(now.voters());
    Map<String, Duration> silent = office.silent();
    Set<String> lost = new HashSet<>();
    for (String voter : now.voters()) {
      if (answering.contains(voter)) {
        answered.put(voter, nowNanos);
      } else if (isOver(
          answered.computeIfAbsent(voter, it -> missedSince(it, silent, nowNanos)), replaceAfter)) {
        lost.add(voter);
      }
    }
    return lost;
  }

  /**
   * When a node is taken to have been missed first that was not heard since this one serves: who
   * served before may have missed it for long.
   */
  private long missedSince(String nodeId, Map<String, Duration> silent, long nowNanos) {
    long listens = Math.min(LISTENS_FOR.toNanos(), replaceAfter.toNanos());
    long missed = silent.getOrDefault(nodeId, Duration.ZERO).toNanos();
    return nowNanos - Math.min(missed, replaceAfter.toNanos() - listens);
  }

  private boolean isOver(long sinceNanos, Duration time) {
    return clock.monotonicNanos() - sinceNanos >= time.toNanos();
  }

  private void change(ReplicatedLog log, Members next) {
    busy = true;
    log.changeMembers(next, whyNot -> ended(log, next, whyNot));
  }

  private synchronized void ended(ReplicatedLog log, Members next, String whyNot) {
    busy = false;
    if (whyNot.isEmpty()) {
      if (log == system) {
        LOG.info("voters are now {}", next.voters());
      }
    } else {
      if (!whyNot.equals(failure)) {
        LOG.info("the change to voters {} is tried again: {}", next.voters(), whyNot);
      }
      if (log == system) {
        next.without(system.members().voters()).voters().forEach(this::hasFailed);
      }
    }
    failure = whyNot;
  }

  private void hasFailed(String candidate) {
    failed.remove(candidate);
    failed.put(candidate, clock.monotonicNanos());
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
