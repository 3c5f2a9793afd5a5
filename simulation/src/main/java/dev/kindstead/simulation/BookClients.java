package dev.kindstead.simulation;

import dev.kindstead.model.Entity;
import dev.kindstead.simulation.library.Book;
import dev.kindstead.simulation.library.Book.BookId;
import dev.kindstead.simulation.library.Library;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Who writes books, who asks for them by queries, and who creates and deletes indexes of them.
 * Confined to the scheduler's thread.
 */
final class BookClients {
  static final int SHELVES = 6;
  private static final int BOOKS_ON_SHELF = 4;
  private static final int WRITERS = 3;
  private static final int READERS = 3;

  private final World world;
  private final Library library = new Library();
  private final List<BookWriter> writers = new ArrayList<>();
  private final List<BookReader> readers = new ArrayList<>();
  private final IndexClient indexes;
  private int stamps;

  BookClients(World world, RandomGenerator random) {
    this.world = world;
    List<List<BookId>> owned = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      owned.add(new ArrayList<>());
    }
    for (int i = 0; i < SHELVES * BOOKS_ON_SHELF; i++) {
      owned.get(i % WRITERS).add(new BookId(i / BOOKS_ON_SHELF, i % BOOKS_ON_SHELF));
    }
    owned.forEach(books -> writers.add(new BookWriter(world, this, world.fork(), books)));
    for (int i = 0; i < READERS; i++) {
      readers.add(new BookReader(world, this, world.fork()));
    }
    indexes = new IndexClient(world, random);
  }

  Library library() {
    return library;
  }

  int nextStamp() {
    return stamps++;
  }

  void start() {
    writers.forEach(BookWriter::start);
    readers.forEach(BookReader::start);
    indexes.start();
  }

  void stop() {
    writers.forEach(BookWriter::stop);
    readers.forEach(BookReader::stop);
    indexes.stop();
  }

  /** Whether nobody waits for an answer, and every index is ready or gone. */
  boolean isIdle() {
    return writers.stream().allMatch(BookWriter::isIdle)
        && readers.stream().allMatch(BookReader::isIdle)
        && indexes.isSettled();
  }

  /** What goes on, for a run in which that does not end. */
  String waiting() {
    return "writers idle %s, readers idle %s, indexes %s"
        .formatted(
            writers.stream().map(BookWriter::isIdle).toList(),
            readers.stream().map(BookReader::isIdle).toList(),
            indexes);
  }

  /** Whether every writer has had a write acknowledged that began after an instant, and so on. */
  boolean haveGotOnSince(long nanos) {
    return writers.stream().allMatch(writer -> writer.hasWrittenSince(nanos))
        && readers.stream().allMatch(reader -> reader.hasReadSince(nanos));
  }

  /** What a strong read of everything has shown once all is quiet. */
  void found(long time, List<Entity> entities) {
    library.found(time, entities.stream().filter(Book::isOne).map(Book::shown).toList());
  }

  List<String> anomalies() {
    List<String> anomalies = library.anomalies();
    for (Map.Entry<String, Integer> each : library.judged().entrySet()) {
      world.hit(each.getKey(), each.getValue());
    }
    return anomalies;
  }
}
