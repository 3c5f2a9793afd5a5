package dev.kindstead.simulation;

import dev.kindstead.environment.Network.AnswerLost;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Mutation;
import dev.kindstead.query.QueryBatch;
import dev.kindstead.service.RunQuery;
import dev.kindstead.simulation.library.Book;
import dev.kindstead.simulation.library.Book.BookId;
import dev.kindstead.simulation.library.BookQuery;
import dev.kindstead.simulation.library.Library;
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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Changes books that nobody else changes, in transactions whose commit is repeated until its
 * outcome is known. Some begin with a query over all books: if they commit, that must have the same
 * answer at the time of the commit.
 *
 * <p>Confined to the scheduler's thread.
 */
final class BookWriter {
  private static final Duration THINK_TIME_MAX = Duration.ofMillis(120);
  private static final Duration PAUSE_MAX = Duration.ofMillis(60);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final World world;
  private final BookClients clients;
  private final RandomGenerator random;
  private final List<BookId> books;
  private SimulatedNode node;
  private boolean stopping;
  private @Nullable Write current;

  /** When the last of its writes that were acknowledged began. */
  private long acknowledged;

  /**
   * @param books its own, of which it retires those whose state it can't know
   */
  BookWriter(World world, BookClients clients, RandomGenerator random, List<BookId> books) {
    this.world = world;
    this.clients = clients;
    this.random = random;
    this.books = new ArrayList<>(books);
    node = world.someNode(random);
  }

  void start() {
    later(THINK_TIME_MAX, this::begin);
  }

  void stop() {
    stopping = true;
  }

  boolean isIdle() {
    return current == null;
  }

  /** Whether a write was acknowledged that began after an instant, or none can begin any more. */
  boolean hasWrittenSince(long nanos) {
    return acknowledged > nanos || books.isEmpty();
  }

  private void later(Duration max, Runnable task) {
    world.scheduler().schedule(Duration.ofNanos(random.nextLong(max.toNanos())), task);
  }

  private void begin() {
    if (stopping || books.isEmpty()) {
      return;
    }
    if (random.nextInt(4) == 0) {
      node = world.someNode(random);
    }
    var write = new Write();
    current = write;
    world.scheduler().schedule(PATIENCE, write::giveUp);
    write.read();
  }

  private void over(Write write) {
    if (current == write) {
      current = null;
      start();
    }
  }

  /** One transaction. */
  private final class Write {
    private final long invoked = world.scheduler().monotonicNanos();
    private final Map<BookId, @Nullable Book> changes = new TreeMap<>();
    private final BookQuery query = BookQuery.draw(random, BookClients.SHELVES);
    private final boolean queries = random.nextInt(2) == 0;
    private @Nullable QueryBatch answer;
    private @Nullable CommitRequest commit;
    private boolean mayBeDone;
    private boolean over;

    /** What was heard of before its commit was sent. */
    private long since;

    Write() {
      for (int i = random.nextInt(3); i >= 0; i--) {
        BookId id = books.get(random.nextInt(books.size()));
        boolean deletes = random.nextInt(5) == 0;
        changes.put(id, deletes ? null : Book.some(id, clients.nextStamp(), random));
      }
    }

    void read() {
      var options = new TransactionOptions.ReadWrite(null);
      if (queries) {
        ask(
            BookReader.asking(node, new ReadMode.InNewTransaction(options), query.query()),
            this::answered);
      } else {
        ask((at, _) -> at.begin(Book.DATABASE, options), this::commit);
      }
    }

    private void answered(RunQuery.Response response) {
      answer = response.batch();
      TransactionId begun = response.newTransaction();
      if (begun == null) {
        world.report("a query began no transaction: " + query);
        end();
      } else {
        later(PAUSE_MAX, () -> commit(begun));
      }
    }

    private void commit(TransactionId transaction) {
      if (over) {
        return; // given up in the pause before this: nobody would note what comes of it
      }
      List<Mutation> mutations = new ArrayList<>();
      changes.forEach(
          (id, after) -> mutations.add(after == null ? Book.deletion(id) : after.upsert()));
      var request = new CommitRequest(Book.DATABASE, transaction, true, mutations);
      commit = request;
      since = clients.library().lastHeardOf();
      send(request);
    }

    private void send(CommitRequest request) {
      ask((at, _) -> at.commit(request), this::committed);
    }

    private void committed(CommitResult result) {
      if (over) {
        return;
      }
      long time = result.commitTime();
      QueryBatch batch = answer;
      if (batch != null) {
        world.hit("query in a transaction");
        List<String> rows = BookReader.shown(batch);
        String by = "in a transaction that committed at " + time + " at " + node;
        Library library = clients.library();
        library.answered(new Library.Answer(query, batch.readTime(), 0, rows, false, null, by));
        library.answered(new Library.Answer(query, time - 1, 0, rows, false, null, by));
      }
      clients.library().committed(time, changes);
      world
          .commitTimes()
          .committed(
              changes.keySet().toString(), invoked, world.scheduler().monotonicNanos(), time);
      world.hit("books written");
      acknowledged = invoked;
      end();
    }

    private <T> void ask(Door.Work<T> work, java.util.function.Consumer<T> then) {
      world
          .door()
          .<T>ask(
              node,
              work,
              (answered, failure) -> {
                if (over) {
                  return;
                }
                if (failure != null) {
                  failed(failure);
                } else if (answered != null) {
                  then.accept(answered);
                }
              });
    }

    private void failed(Throwable failure) {
      switch (failure) {
        case Door.NotServedHere elsewhere -> {
          node = world.nodeAfter(node, elsewhere.elsewhere(), random);
          later(PAUSE_MAX, this::again);
        }
        case NotDelivered unreached -> {
          node = world.someNode(random);
          later(PAUSE_MAX, this::again);
        }
        case AnswerLost lost -> {
          node = world.someNode(random);
          mayBeDone |= commit != null;
          later(PAUSE_MAX, this::again);
        }
        case DatastoreException refused
            when commit != null && Refusals.isOfUnknownOutcome(refused) -> {
          mayBeDone = true;
          later(PAUSE_MAX, this::again);
        }
        case DatastoreException refused when mayBeDone && Door.isOverSoon(refused) ->
            later(PAUSE_MAX, this::again);
        case DatastoreException refused -> {
          if (!world.refusals().mayBeTold(refused)) {
            world.report("a writer of books was told " + refused);
          }
          end();
        }
        default -> {
          world.report("a writer of books met " + failure);
          end();
        }
      }
    }

    private void again() {
      CommitRequest request = commit;
      if (over) {
        return;
      }
      if (request == null) {
        read();
      } else {
        send(request);
      }
    }

    private void giveUp() {
      if (!over && commit != null) {
        clients.library().unknown(since, changes);
        books.removeAll(changes.keySet());
        world.hit("book retired");
      }
      end();
    }

    private void end() {
      if (!over) {
        over = true;
        over(this);
      }
    }
  }
}
