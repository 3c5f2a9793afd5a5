package dev.kindstead.simulation;

import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.service.IndexAdministration.Described;
import dev.kindstead.simulation.library.Book;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Creates indexes of books and deletes them, again and again, while others write; and sees what
 * becomes of them. Confined to the scheduler's thread.
 */
final class IndexClient {
  private static final Duration PAUSE_MAX = Duration.ofSeconds(2);
  private static final Duration LOOKING = Duration.ofMillis(100);

  /** Of the queries' orders and filters. */
  private static final List<List<IndexedProperty>> WANTED =
      List.of(
          List.of(new IndexedProperty("tag", false), new IndexedProperty("rank", true)),
          List.of(new IndexedProperty("tag", false), new IndexedProperty("rank", false)),
          List.of(new IndexedProperty("marks", false), new IndexedProperty("rank", false)));

  private final World world;
  private final RandomGenerator random;

  /** The states of all indexes as they were seen last. */
  private final Map<Long, IndexState> seen = new TreeMap<>();

  /** By which node an index's building was seen to begin. */
  private final Map<Long, SimulatedNode> builders = new TreeMap<>();

  private boolean stopping;

  IndexClient(World world, RandomGenerator random) {
    this.world = world;
    this.random = random;
  }

  void start() {
    later();
    look();
  }

  /** Changes no further index. */
  void stop() {
    stopping = true;
  }

  private void later() {
    world
        .scheduler()
        .schedule(
            Duration.ofNanos(random.nextLong(PAUSE_MAX.toNanos())),
            () -> {
              if (!stopping) {
                change();
                later();
              }
            });
  }

  private void change() {
    SimulatedNode serving = world.cluster().serving();
    if (serving == null) {
      return;
    }
    List<IndexedProperty> properties = WANTED.get(random.nextInt(WANTED.size()));
    boolean ancestor = random.nextInt(3) == 0;
    boolean deletes = random.nextInt(3) == 0;
    world
        .door()
        .<List<Described>>ask(
            serving,
            (at, _) -> {
              var indexes = serving.upperFloors().indexes();
              List<Described> all = indexes.list(Book.DATABASE);
              List<Described> ready =
                  all.stream().filter(each -> each.index().state() == IndexState.READY).toList();
              var changed =
                  deletes && !ready.isEmpty()
                      ? indexes.delete(Book.DATABASE, ready.getFirst().index().id())
                      : indexes.create(Book.DATABASE, Book.KIND, ancestor, properties);
              return changed.thenApply(List::of);
            },
            (_, failure) -> {
              if (failure != null && !hasBeenChanged(failure)) {
                world.refusals().judge("who changes indexes", failure);
              }
            });
  }

  /** Whether it is like that already, or another change goes on. */
  private static boolean hasBeenChanged(Throwable failure) {
    return failure instanceof DatastoreException refused
        && (refused.code() == Code.ALREADY_EXISTS || refused.code() == Code.FAILED_PRECONDITION);
  }

  /** Follows what the node that serves says of the indexes. */
  private void look() {
    SimulatedNode serving = world.cluster().serving();
    Transactions there = serving == null ? null : serving.transactions();
    if (serving != null && there != null) {
      Map<Long, IndexState> now = new TreeMap<>();
      there
          .indexes()
          .all()
          .forEach(index -> {
            now.put(index.id(), index.state());
            if (index.state() == IndexState.ERROR) {
              world.report("an index could not be built: " + index);
            }
          });
      now.forEach((id, state) -> became(id, state, serving));
      for (long id : new ArrayList<>(seen.keySet())) {
        if (!now.containsKey(id) && seen.get(id) == IndexState.DELETING) {
          world.hit("index deleted");
        }
      }
      seen.clear();
      seen.putAll(now);
    }
    world.scheduler().schedule(LOOKING, this::look);
  }

  private void became(long id, IndexState state, SimulatedNode serving) {
    IndexState before = seen.get(id);
    if (state == IndexState.CREATING) {
      builders.putIfAbsent(id, serving);
    } else if (state == IndexState.READY && before == IndexState.CREATING) {
      world.hit("index built");
      world.tell("index " + id + " is built");
      if (builders.get(id) != serving) {
        world.hit("index built by another node than began");
      }
    }
  }

  /** Whether no index is being built or removed, as far as is known. */
  boolean isSettled() {
    return seen.values().stream().allMatch(state -> state == IndexState.READY);
  }

  @Override
  public String toString() {
    return seen.toString();
  }
}
