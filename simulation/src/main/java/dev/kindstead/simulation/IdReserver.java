package dev.kindstead.simulation;

import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PathElement;
import dev.kindstead.simulation.check.Outcome;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Inserts entities whose ids the node chooses, at one node for as long as that answers; and
 * reserves at others what is to be chosen next, as only somebody can who knows how ids are made.
 * Confined to the scheduler's thread.
 */
final class IdReserver {
  private static final Duration INSERT_PAUSE_MAX = Duration.ofMillis(100);
  private static final Duration RESERVE_PAUSE_MAX = Duration.ofMillis(300);
  private static final int PARENTS = 8;

  /** Ids are counters with their bits reversed, and a bit before them. */
  private static final int COUNTER_BITS = 52;

  /** Others draw ids meanwhile, so the very next ones are likely to be gone. */
  private static final int AHEAD_MAX = 40;

  private static final int RESERVED_AT_ONCE = 10;

  /** So often on average a node may refuse before another one is asked. */
  private static final int REFUSALS_MAX = 4;

  private final World world;
  private final IdClients clients;
  private final RandomGenerator random;

  /** What was inserted last below each parent, to be deleted by the next insert there. */
  private final Map<Key, Key> inserted = new HashMap<>();

  private SimulatedNode node;
  private long lastCounter;
  private boolean stopping;
  private boolean idle = true;

  /** When the last insert began that was acknowledged. */
  private long acknowledged;

  IdReserver(World world, IdClients clients, RandomGenerator random) {
    this.world = world;
    this.clients = clients;
    this.random = random;
    node = world.someNode(random);
  }

  void start() {
    later(INSERT_PAUSE_MAX, this::insert);
    later(RESERVE_PAUSE_MAX, this::reserve);
  }

  void stop() {
    stopping = true;
  }

  /** Whether no insert waits for its answer. */
  boolean isIdle() {
    return idle;
  }

  /** Whether an insert was acknowledged that began after an instant. */
  boolean hasGotOnSince(long nanos) {
    return acknowledged > nanos;
  }

  private void later(Duration max, Runnable task) {
    long nanos = random.nextLong(world.weather().pauseMax(max).toNanos());
    world
        .scheduler()
        .schedule(
            Duration.ofNanos(nanos),
            () -> {
              if (!stopping) {
                task.run();
              }
            });
  }

  private void insert() {
    idle = false;
    Key parent =
        new Key(
            Lists.PARTITION,
            List.of(PathElement.ofName(IdClients.KIND, "p" + random.nextInt(PARENTS))));
    Key incomplete =
        new Key(Lists.PARTITION, List.of(parent.last(), PathElement.incomplete(IdClients.KIND)));
    var mutations = new ArrayList<Mutation>();
    mutations.add(
        Mutation.plain(Mutation.Operation.INSERT, incomplete, new Entity(incomplete, Map.of())));
    Key former = inserted.get(parent);
    if (former != null) {
      mutations.add(Mutation.plain(Mutation.Operation.DELETE, former, null));
    }
    var commit = new CommitRequest(Lists.DATABASE, null, true, mutations);
    long invoked = world.scheduler().monotonicNanos();
    world
        .door()
        .<CommitResult>ask(
            node,
            (at, _) -> at.commit(commit),
            (result, failure) -> {
              idle = true;
              if (result == null) {
                clients.notInserted(parent, outcome(failure));
              } else {
                acknowledged = invoked;
                done(invoked, parent, result);
              }
              goOn(failure);
            });
  }

  private void done(long invoked, Key parent, CommitResult result) {
    Key key = result.results().getFirst().key();
    if (key == null) {
      world.report("the node told no id of what was inserted below " + parent);
      return;
    }
    world.hit("insert with an id of the node");
    inserted.put(parent, key);
    lastCounter = counterOf(key.last().id());
    clients.inserted(invoked, parent, key, result.commitTime());
  }

  private static Outcome outcome(@Nullable Throwable failure) {
    boolean isRefused =
        failure instanceof Door.NotServedHere
            || failure instanceof NotDelivered
            || (failure instanceof DatastoreException refusal
                && !Refusals.isOfUnknownOutcome(refusal));
    return isRefused ? Outcome.NOT_DONE : Outcome.UNKNOWN;
  }

  private void goOn(@Nullable Throwable failure) {
    if (failure instanceof Door.NotServedHere elsewhere) {
      node = world.nodeAfter(node, elsewhere.elsewhere(), random);
    } else if (failure != null) {
      world.refusals().judge("who inserts with ids of the node", failure);
      if (!(failure instanceof DatastoreException) || random.nextInt(REFUSALS_MAX) == 0) {
        node = world.someNode(random);
      }
    }
    later(INSERT_PAUSE_MAX, this::insert);
  }

  private void reserve() {
    if (lastCounter > 0) {
      long first = lastCounter + 1 + random.nextInt(1 + random.nextInt(AHEAD_MAX));
      List<Long> ids =
          LongStream.range(first, first + RESERVED_AT_ONCE).mapToObj(IdReserver::idOf).toList();
      boolean any = random.nextBoolean();
      reserve(any ? world.someNode(random) : world.servingNode(random), ids, true);
    }
    // Without waiting for the answer: a home of the past may owe it for long.
    later(RESERVE_PAUSE_MAX, this::reserve);
  }

  private void reserve(SimulatedNode asked, List<Long> ids, boolean mayGoElsewhere) {
    Key incomplete = new Key(Lists.PARTITION, List.of(PathElement.incomplete(IdClients.KIND)));
    List<Key> keys = ids.stream().map(incomplete::withId).toList();
    world
        .door()
        .<Boolean>ask(
            asked,
            (at, _) -> at.reserveIds(keys).thenApply(_ -> true),
            (done, failure) -> {
              if (done != null) {
                world.hit("ids reserved");
                clients.reserved(ids);
              } else if (failure instanceof Door.NotServedHere elsewhere && mayGoElsewhere) {
                reserve(world.nodeAfter(asked, elsewhere.elsewhere(), random), ids, false);
              } else if (failure != null) {
                world.refusals().judge("who reserves ids", failure);
              }
            });
  }

  private static long idOf(long counter) {
    return 1L << COUNTER_BITS | Long.reverse(counter) >>> (Long.SIZE - COUNTER_BITS);
  }

  private static long counterOf(long id) {
    return Long.reverse(id - (1L << COUNTER_BITS)) >>> (Long.SIZE - COUNTER_BITS);
  }
}
