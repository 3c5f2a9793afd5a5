package dev.kindstead.simulation;

import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Mutation;
import dev.kindstead.simulation.History.Ending;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.CommitResult;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.TransactionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of a {@link ListClient}, from its first read to its outcome. What was certainly
 * not done is tried at another node; a commit whose answer is lost is repeated with the same
 * transaction id, as a careful client does. Some do without a transaction: they read, and commit
 * only if what they have read still has the same versions, which nobody can repeat.
 *
 * <p>Confined to the scheduler's thread.
 */
final class Attempt {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE_MAX = Duration.ofMillis(40);
  private static final Duration THINK_TIME_MAX = Duration.ofMillis(30);
  private static final Duration READING_MAX = Duration.ofMillis(10);

  private static final int HURRIED_EVERY = 4;

  /** Many commits take longer where they wait for others. */
  private static final Duration HURRY = Duration.ofMillis(60);

  /** One in so many appends in transactions is followed by another one to the same list. */
  private static final int TWICE_EVERY = 7;

  private final World world;
  private final RandomGenerator random;
  private final Runnable afterwards;
  private final int id;
  private final long invoked;
  private final Map<String, List<Integer>> reads = new TreeMap<>();
  private final Map<String, Long> versions = new TreeMap<>();
  private final Map<String, List<Integer>> appends = new TreeMap<>();
  private final boolean isRead;
  private final boolean isGuarded;
  private final boolean scansAll;
  private final boolean onlyReads;
  private final List<String> objects;
  private SimulatedNode node;

  /** Where the transaction began. */
  private @Nullable SimulatedNode home;

  private @Nullable TransactionId transaction;
  private @Nullable CommitRequest commit;
  private boolean mayBeDone;

  /** When its last read was. */
  private long answered;

  /** Whether it thought for longer than the node keeps a transaction that nobody touches. */
  private boolean outlived;

  private boolean over;
  private boolean acknowledged;

  /**
   * @param node to be asked first
   * @param isRead whether it is a read outside transactions
   * @param afterwards runs when it is over
   */
  Attempt(
      World world,
      RandomGenerator random,
      SimulatedNode node,
      boolean isRead,
      Runnable afterwards) {
    this.world = world;
    this.random = random;
    this.node = node;
    this.afterwards = afterwards;
    id = world.nextTransactionId();
    invoked = world.scheduler().monotonicNanos();
    this.isRead = isRead;
    isGuarded = !isRead && random.nextInt(8) == 0;
    scansAll = !isGuarded && random.nextInt(6) == 0;
    onlyReads = isRead || (!isGuarded && random.nextInt(4) == 0);
    objects = scansAll ? world.objects() : world.someObjects(random);
    world.scheduler().schedule(PATIENCE, this::giveUp);
  }

  /** The node to be asked next time. */
  SimulatedNode node() {
    return node;
  }

  /** When it began. */
  long invoked() {
    return invoked;
  }

  /** Whether it has ended with an acknowledgement of all that it was for. */
  boolean isAcknowledged() {
    return acknowledged;
  }

  /** Whether it was to change anything. */
  boolean writes() {
    return !appends.isEmpty();
  }

  void start() {
    if (isRead || isGuarded || (onlyReads && random.nextBoolean())) {
      read(new ReadMode.Strong());
      return;
    }
    TransactionOptions options =
        onlyReads ? new TransactionOptions.ReadOnly(null) : new TransactionOptions.ReadWrite(null);
    if (random.nextBoolean()) {
      read(new ReadMode.InNewTransaction(options));
    } else {
      call(
          (at, timers) -> at.begin(Lists.DATABASE, options),
          begun -> {
            transaction = begun;
            home = node;
            read(new ReadMode.InTransaction(begun));
          });
    }
  }

  private void read(ReadMode mode) {
    Duration readAfter = random.nextInt(4) == 0 ? upTo(READING_MAX) : Duration.ZERO;
    call(
        new ListReading(world.shardMap(), mode, objects, scansAll, random.nextBoolean(), readAfter),
        answer -> {
          if (world.cluster().isServedTwice()) {
            world.hit("read while two nodes serve");
          }
          world.snapshots().read(answer.time(), answer.lists(), node.nodeId());
          reads.putAll(answer.lists());
          versions.putAll(answer.versions());
          answered = now();
          if (answer.begun() != null) {
            transaction = answer.begun();
            home = node;
          }
          Duration thinks =
              upTo(random.nextInt(20) == 0 ? world.weather().longThoughtMax() : THINK_TIME_MAX);
          outlived = thinks.compareTo(world.cluster().options().life().idleLimit()) > 0;
          world.scheduler().schedule(thinks, this::decide);
        });
  }

  private void decide() {
    if (isGuarded) {
      var mutations = new ArrayList<Mutation>();
      reads.forEach((object, list) -> {
        int element = world.nextElement();
        appends.put(object, List.of(element));
        mutations.add(Lists.appendTo(object, list, element, versions.getOrDefault(object, 0L)));
      });
      commit = new CommitRequest(Lists.DATABASE, null, true, mutations);
      send(commit);
      return;
    }
    TransactionId open = transaction;
    if (open == null) {
      end(Ending.COMMITTED, answered); // a strong read outside transactions
      return;
    }
    if (!onlyReads && random.nextInt(20) == 0) {
      rollBack();
      end(Ending.ABORTED);
      return;
    }
    var mutations = new ArrayList<Mutation>();
    if (!onlyReads) {
      int appendsMax = 1 + random.nextInt(3);
      for (String object : World.shuffled(reads.keySet(), random)) {
        if (appends.size() < appendsMax) {
          mutations.addAll(append(object, reads.getOrDefault(object, List.of())));
        }
      }
    }
    commit = new CommitRequest(Lists.DATABASE, open, true, mutations);
    send(commit);
  }

  /** Once, or twice: nobody may ever see what is there between the two. */
  private List<Mutation> append(String object, List<Integer> before) {
    int first = world.nextElement();
    if (first % TWICE_EVERY != 0) {
      appends.put(object, List.of(first));
      return List.of(Lists.append(object, before, first));
    }
    int second = world.nextElement();
    appends.put(object, List.of(first, second));
    List<Integer> between = new ArrayList<>(before);
    between.add(first);
    return List.of(Lists.append(object, before, first), Lists.append(object, between, second));
  }

  private void rollBack() {
    TransactionId open = transaction;
    if (open != null) {
      world.door().ask(node, (at, timers) -> at.rollback(open), (done, failure) -> {});
    }
  }

  private void send(CommitRequest request) {
    if (writes() && world.refusesWrites(invoked)) {
      end(Ending.ABORTED);
      return;
    }
    call((at, process) -> at.commit(hurried(request, process)), this::committed);
  }

  /** Some of those without a transaction are not to be begun when their client has gone. */
  private CommitRequest hurried(CommitRequest request, Boot process) {
    return !isGuarded || id % HURRIED_EVERY != 0
        ? request
        : new CommitRequest(
            request.database(),
            null,
            request.transactional(),
            request.mutations(),
            process.machine().monotonicNanos() + HURRY.toNanos());
  }

  private void committed(CommitResult result) {
    if (isGuarded) {
      world.hit("commit without a transaction");
    } else if (mayBeDone) {
      world.hit("repeated commit answered");
    } else if (home != null && home != node && !appends.isEmpty()) {
      world.hit("transaction outlived its home");
    }
    if (!appends.isEmpty()) {
      List<Integer> elements = appends.values().stream().flatMap(List::stream).toList();
      world.snapshots().committed(result.commitTime(), elements);
      world.commitTimes().committed("transaction " + id, invoked, now(), result.commitTime());
    }
    CommitRequest request = commit;
    end(Ending.COMMITTED);
    if (request != null && !isGuarded && random.nextInt(8) == 0) {
      new Repetition(world, random, node, request, result).start();
    }
  }

  private <T> void call(Door.Work<T> work, Consumer<T> then) {
    if (over) {
      return;
    }
    world
        .door()
        .<T>ask(
            node,
            work,
            (answer, failure) -> {
              if (over) {
                return;
              }
              if (failure != null) {
                failed(failure, () -> call(work, then));
              } else if (answer != null) {
                then.accept(answer);
              }
            });
  }

  private void failed(Throwable failure, Runnable again) {
    switch (failure) {
      case Door.NotServedHere elsewhere -> {
        node = world.nodeAfter(node, elsewhere.elsewhere(), random);
        later(PAUSE_MAX, again);
      }
      case NotDelivered unreached -> {
        node = world.someNode(random);
        later(PAUSE_MAX, again);
      }
      case AnswerLost lost -> {
        node = world.someNode(random);
        lost(again);
      }
      case DatastoreException refused when commit != null && Refusals.isOfUnknownOutcome(refused) ->
          lost(again);
      case DatastoreException refused when mayBeDone && Door.isOverSoon(refused) ->
          later(PAUSE_MAX, again);
      case DatastoreException refused -> {
        boolean isConflict = isGuarded && refused.code() == Code.FAILED_PRECONDITION;
        if (!isConflict && !world.refusals().mayBeTold(refused)) {
          world.report("a client was told " + refused);
        }
        if (outlived) {
          world.hit("transaction expired");
        }
        if (refused.code() == Code.DEADLINE_EXCEEDED) {
          world.hit("commit not begun after its deadline");
        }
        end(Ending.ABORTED);
      }
      default -> {
        world.report("a client met " + failure);
        end(commit == null ? Ending.ABORTED : Ending.UNKNOWN);
      }
    }
  }

  private void lost(Runnable again) {
    if (commit == null) {
      if (random.nextBoolean()) {
        later(PAUSE_MAX, again);
      } else {
        rollBack();
        end(Ending.ABORTED);
      }
      return;
    }
    mayBeDone = true;
    if (isGuarded || random.nextInt(4) == 0) {
      end(Ending.UNKNOWN);
    } else {
      world.hit("commit repeated");
      later(PAUSE_MAX, again);
    }
  }

  private void giveUp() {
    end(commit == null ? Ending.ABORTED : Ending.UNKNOWN);
  }

  private void end(Ending ending) {
    end(ending, now());
  }

  private void end(Ending ending, long at) {
    if (over) {
      return;
    }
    over = true;
    acknowledged = ending == Ending.COMMITTED;
    long ended = ending == Ending.UNKNOWN ? Long.MAX_VALUE : at;
    world.ended(
        new History.Transaction(
            id, invoked, ended, ending, new TreeMap<>(reads), new TreeMap<>(appends)));
    afterwards.run();
  }

  private long now() {
    return world.scheduler().monotonicNanos();
  }

  private void later(Duration max, Runnable task) {
    world.scheduler().schedule(upTo(max), task);
  }

  private Duration upTo(Duration max) {
    return Duration.ofNanos(random.nextLong(max.toNanos()));
  }
}
