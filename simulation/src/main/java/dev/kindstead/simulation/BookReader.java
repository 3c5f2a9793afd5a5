package dev.kindstead.simulation;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.query.Explain;
import dev.kindstead.query.Query;
import dev.kindstead.query.QueryBatch;
import dev.kindstead.query.QueryBatch.MoreResults;
import dev.kindstead.service.RunQuery;
import dev.kindstead.simulation.check.CursorPages;
import dev.kindstead.simulation.library.Book;
import dev.kindstead.simulation.library.BookQuery;
import dev.kindstead.simulation.library.Library;
import dev.kindstead.transaction.ReadMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks for books by queries, one after the other: as they are now, as they were, as they are where
 * that is cheap; and in pages, each from another node. Confined to the scheduler's thread.
 */
final class BookReader {
  private static final Duration THINK_TIME_MAX = Duration.ofMillis(100);
  private static final Duration PAUSE_MAX = Duration.ofMillis(60);

  /** What does not come about in so many attempts is left alone. */
  private static final int ATTEMPTS_MAX = 30;

  private static final int PAGE_MAX = 3;

  /** Of a few dozen books, a few results each. */
  private static final int PAGES_MAX = 200;

  private final World world;
  private final BookClients clients;
  private final RandomGenerator random;
  private SimulatedNode node;
  private boolean stopping;
  private boolean idle = true;

  /** When the last of its queries that were answered was asked. */
  private long answered;

  BookReader(World world, BookClients clients, RandomGenerator random) {
    this.world = world;
    this.clients = clients;
    this.random = random;
    node = world.someNode(random);
  }

  void start() {
    idle = true;
    later(THINK_TIME_MAX, this::begin);
  }

  void stop() {
    stopping = true;
  }

  boolean isIdle() {
    return idle;
  }

  /** Whether a query was answered that was asked after an instant. */
  boolean hasReadSince(long nanos) {
    return answered > nanos;
  }

  private void later(Duration max, Runnable task) {
    world.scheduler().schedule(Duration.ofNanos(random.nextLong(max.toNanos())), task);
  }

  private void begin() {
    if (stopping) {
      return;
    }
    idle = false;
    node = world.someNode(random);
    BookQuery query = BookQuery.draw(random, BookClients.SHELVES);
    if (random.nextInt(3) == 0) {
      new Paging(query).begin();
    } else {
      ask(query, mode(), ATTEMPTS_MAX);
    }
  }

  private ReadMode mode() {
    Long known = world.snapshots().someTime(random);
    return switch (random.nextInt(4)) {
      case 0 -> new ReadMode.Eventual();
      case 1 -> known == null ? new ReadMode.Strong() : new ReadMode.AtTime(known);
      default -> new ReadMode.Strong();
    };
  }

  private void ask(BookQuery query, ReadMode mode, int attempts) {
    Asked when = now();
    SimulatedNode asked = node;
    world
        .door()
        .ask(
            asked,
            asking(asked, mode, query.query()),
            (response, failure) -> {
              QueryBatch batch = response == null ? null : response.batch();
              if (batch != null) {
                judged(query, false, mode, batch, when, asked);
                start();
              } else if (goesElsewhere(failure) && attempts > 0) {
                later(PAUSE_MAX, () -> ask(query, mode, attempts - 1));
              } else {
                judgeRefusal(query, mode, failure, asked);
                start();
              }
            });
  }

  /**
   * Of a query.
   *
   * @param committed the last that was acknowledged then
   */
  private record Asked(long nanos, long committed) {}

  private Asked now() {
    return new Asked(world.scheduler().monotonicNanos(), clients.library().lastCommitted());
  }

  private void judged(
      BookQuery query,
      boolean isWhole,
      ReadMode mode,
      QueryBatch batch,
      Asked when,
      SimulatedNode asked) {
    answered = when.nanos();
    String by = mode + " at " + asked;
    if (mode instanceof ReadMode.AtTime(long micros) && batch.readTime() != micros) {
      world.report("a query at " + micros + " was answered as of " + batch.readTime());
    }
    if (!asked.isServing()) {
      world.hit("query at a node that does not serve");
    }
    boolean isMore = batch.moreResults() == MoreResults.MORE_RESULTS_AFTER_LIMIT;
    long notBefore = mode instanceof ReadMode.Strong ? when.committed() : 0;
    clients
        .library()
        .answered(
            new Library.Answer(
                query, batch.readTime(), notBefore, shown(batch), isWhole, isMore, by));
  }

  /** Whether the same can be asked of another node, which is chosen then. */
  private boolean goesElsewhere(@Nullable Throwable failure) {
    switch (failure) {
      case Door.NotServedHere elsewhere ->
          node = world.nodeAfter(node, elsewhere.elsewhere(), random);
      case NotDelivered unreached -> node = world.someNode(random);
      case null, default -> {
        return false;
      }
    }
    return true;
  }

  private void judgeRefusal(
      BookQuery query, ReadMode mode, @Nullable Throwable failure, SimulatedNode asked) {
    if (mode instanceof ReadMode.AtTime(long micros) && Refusals.isTooOld(failure)) {
      world.refusals().judgeTooOld(asked, micros, random);
    } else if (failure != null) {
      world.refusals().judge("%s, %s at %s".formatted(query, mode, asked), failure);
    }
  }

  /** A query, asked of the process that runs on a node when it arrives. */
  static Door.Work<RunQuery.Response> asking(SimulatedNode node, ReadMode mode, Query query) {
    return (at, _) ->
        node.upperFloors().queries().run(mode, query, null, Explain.NOTHING, Long.MAX_VALUE);
  }

  static List<String> shown(QueryBatch batch) {
    return batch.results().stream()
        .map(result -> Book.shown(EntityEncoding.decode(result.entity())))
        .toList();
  }

  /** A query at one timestamp: at once, and in pages. */
  private final class Paging {
    private final BookQuery query;
    private final List<List<String>> pages = new ArrayList<>();
    private List<String> atOnce = List.of();
    private long time;
    private byte[] cursor = {};
    private @Nullable SimulatedNode before;
    private int attempts = ATTEMPTS_MAX;

    Paging(BookQuery query) {
      this.query = query.whole();
    }

    void begin() {
      SimulatedNode asked = node;
      Asked when = now();
      ReadMode mode = new ReadMode.Strong();
      world
          .door()
          .ask(
              asked,
              asking(asked, planted(mode), query.query()),
              (response, failure) -> {
                QueryBatch batch = response == null ? null : response.batch();
                if (batch == null) {
                  judgeRefusal(query, mode, failure, asked);
                  again(failure, this::begin);
                  return;
                }
                time = batch.readTime();
                atOnce = shown(batch);
                judged(query, true, mode, batch, when, asked);
                next();
              });
    }

    /** Of some other time, where that is planted. */
    private ReadMode planted(ReadMode mode) {
      Long other =
          world.cluster().options().plant() == Plant.PAGES_OF_ANOTHER_TIME
              ? world.snapshots().someTime(random)
              : null;
      return other == null ? mode : new ReadMode.AtTime(other);
    }

    private void next() {
      node = world.someNode(random);
      later(PAUSE_MAX, this::read);
    }

    private void read() {
      SimulatedNode asked = node;
      ReadMode mode = new ReadMode.AtTime(time);
      Query page = query.page(cursor, 1 + random.nextInt(PAGE_MAX), 0);
      world
          .door()
          .ask(
              asked,
              asking(asked, mode, page),
              (response, failure) -> {
                QueryBatch batch = response == null ? null : response.batch();
                if (batch == null) {
                  judgeRefusal(query, mode, failure, asked);
                  again(failure, this::read);
                } else {
                  read(batch, asked);
                }
              });
    }

    private void read(QueryBatch batch, SimulatedNode asked) {
      if (before != null && before != asked) {
        world.hit("page read at another node");
      }
      before = asked;
      pages.add(shown(batch));
      cursor = batch.endCursor();
      if (batch.moreResults() == MoreResults.NO_MORE_RESULTS || pages.size() == PAGES_MAX) {
        world.hit(pages.size() > 1 ? "query in pages" : "query in one page");
        for (String anomaly : CursorPages.anomalies(atOnce, pages)) {
          world.report("%s in pages at %d: %s".formatted(query, time, anomaly));
        }
        start();
      } else {
        next();
      }
    }

    /** What no node has answered is asked of others for a while. */
    private void again(@Nullable Throwable failure, Runnable step) {
      if (attempts-- == 0 || stopping) {
        start();
        return;
      }
      if (!goesElsewhere(failure)) {
        node = world.someNode(random);
      }
      later(PAUSE_MAX, step);
    }
  }
}
