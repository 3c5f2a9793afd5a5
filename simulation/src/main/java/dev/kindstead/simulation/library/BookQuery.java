package dev.kindstead.simulation.library;

import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.query.Filter;
import dev.kindstead.query.Filter.Comparison;
import dev.kindstead.query.Filter.Operator;
import dev.kindstead.query.Query;
import dev.kindstead.query.Query.Order;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A query over books: what it asks of the product, and what the answer must be. Only such queries
 * are drawn whose order the API leaves no choice in. Immutable.
 *
 * @param tag wanted, null for any
 * @param mark one that a book must have, null for any
 * @param shelf the ancestor, null for none
 * @param rankFrom the least wanted; null for no range
 * @param rankUntil the first not wanted
 * @param limit null for none
 */
public record BookQuery(
    @Nullable String tag,
    @Nullable Integer mark,
    @Nullable Integer shelf,
    @Nullable Integer rankFrom,
    int rankUntil,
    Sorting sorting,
    Shape shape,
    int offset,
    @Nullable Integer limit) {
  private static final byte[] NO_CURSOR = {};
  private static final int LIMIT_MAX = 6;

  /** By what results are ordered; the key comes last, in the direction of the order before it. */
  public enum Sorting {
    NONE(),
    RANK(new Order(Book.RANK, false)),
    RANK_DOWN(new Order(Book.RANK, true)),
    TAG_AND_RANK_DOWN(new Order(Book.TAG, false), new Order(Book.RANK, true));

    private final List<Order> orders;

    Sorting(Order... orders) {
      this.orders = List.of(orders);
    }
  }

  /** What a result holds. */
  public enum Shape {
    FULL,
    KEYS,
    RANK,
    /** Each mark of a book makes a result. */
    MARKS
  }

  /** A result, and where it stands in the order. */
  private record Place(Book book, int mark, String shown) {}

  /** Some query. */
  public static BookQuery draw(RandomGenerator random, int shelves) {
    Shape shape = Shape.values()[random.nextInt(Shape.values().length)];
    boolean byMark = shape == Shape.MARKS;
    boolean ranged = !byMark && random.nextInt(3) == 0;
    Sorting sorting =
        byMark ? Sorting.NONE : Sorting.values()[random.nextInt(Sorting.values().length)];
    return new BookQuery(
        random.nextInt(3) == 0 && sorting != Sorting.TAG_AND_RANK_DOWN ? Book.tag(random) : null,
        !byMark && random.nextInt(4) == 0 ? (Integer) Book.mark(random) : null,
        random.nextInt(4) == 0 ? (Integer) random.nextInt(shelves) : null,
        ranged ? (Integer) random.nextInt(Book.RANKS) : null,
        1 + random.nextInt(Book.RANKS),
        sorting,
        shape,
        random.nextInt(6) == 0 ? random.nextInt(4) : 0,
        random.nextInt(2) == 0 ? (Integer) (1 + random.nextInt(LIMIT_MAX)) : null);
  }

  /** The same, all results at once. */
  public BookQuery whole() {
    return new BookQuery(tag, mark, shelf, rankFrom, rankUntil, sorting, shape, 0, null);
  }

  /** What is asked of the product. */
  public Query query() {
    return page(NO_CURSOR, limit, offset);
  }

  /** A page of all results. */
  public Query page(byte[] cursor, @Nullable Integer most, int skipped) {
    return new Query(
        Book.PARTITION,
        Book.KIND,
        switch (shape) {
          case FULL -> List.of();
          case KEYS -> List.of(Query.KEY);
          case RANK -> List.of(Book.RANK);
          case MARKS -> List.of(Book.MARKS);
        },
        filter(),
        sorting.orders,
        List.of(),
        cursor,
        NO_CURSOR,
        skipped,
        most);
  }

  private @Nullable Filter filter() {
    List<Filter> all = new ArrayList<>();
    if (tag != null) {
      all.add(new Comparison(Book.TAG, Operator.EQUAL, new Value.StringValue(tag)));
    }
    if (mark != null) {
      all.add(new Comparison(Book.MARKS, Operator.EQUAL, new Value.IntegerValue(mark)));
    }
    if (shelf != null) {
      var ancestor = new Key(Book.PARTITION, List.of(PathElement.ofName(Book.SHELF, "s" + shelf)));
      all.add(new Comparison(Query.KEY, Operator.HAS_ANCESTOR, new Value.KeyValue(ancestor)));
    }
    if (rankFrom != null) {
      all.add(
          new Comparison(
              Book.RANK, Operator.GREATER_THAN_OR_EQUAL, new Value.IntegerValue(rankFrom)));
      all.add(new Comparison(Book.RANK, Operator.LESS_THAN, new Value.IntegerValue(rankUntil)));
    }
    return all.isEmpty() ? null : new Filter.And(all);
  }

  /** All results in order, regardless of offset and limit. */
  public List<String> all(Collection<Book> books) {
    return books.stream()
        .filter(this::matches)
        .flatMap(this::places)
        .sorted(order())
        .map(Place::shown)
        .toList();
  }

  /** The results. */
  public List<String> results(Collection<Book> books) {
    return cut(all(books));
  }

  /** What offset and limit leave of all results. */
  List<String> cut(List<String> all) {
    List<String> rest = all.subList(Math.min(offset, all.size()), all.size());
    return limit == null ? rest : rest.subList(0, Math.min(limit, rest.size()));
  }

  private boolean matches(Book book) {
    return (tag == null || tag.equals(book.tag()))
        && (mark == null || book.marks().contains(mark))
        && (shelf == null || shelf == book.id().shelf())
        && (rankFrom == null || (book.rank() >= rankFrom && book.rank() < rankUntil));
  }

  private Stream<Place> places(Book book) {
    return switch (shape) {
      case FULL -> Stream.of(new Place(book, 0, book.shown()));
      case KEYS -> Stream.of(new Place(book, 0, Book.shown(book.id(), Map.of())));
      case RANK -> {
        String rank = String.valueOf(book.rank());
        yield Stream.of(new Place(book, 0, Book.shown(book.id(), Map.of(Book.RANK, rank))));
      }
      case MARKS ->
          book.marks().stream()
              .map(each ->
                  new Place(
                      book, each, Book.shown(book.id(), Map.of(Book.MARKS, each.toString()))));
    };
  }

  private Comparator<Place> order() {
    Comparator<Place> byRank = Comparator.comparingInt(place -> place.book().rank());
    Comparator<Place> byKey = Comparator.comparing(place -> place.book().id());
    return switch (sorting) {
      case NONE -> {
        boolean implied = rankFrom != null || shape == Shape.RANK;
        Comparator<Place> first = implied ? byRank : Comparator.comparingInt(place -> place.mark());
        yield first.thenComparing(byKey);
      }
      case RANK -> byRank.thenComparing(byKey);
      case RANK_DOWN -> byRank.reversed().thenComparing(byKey.reversed());
      case TAG_AND_RANK_DOWN ->
          Comparator.<Place, String>comparing(place -> place.book().tag())
              .thenComparing(byRank.reversed())
              .thenComparing(byKey.reversed());
    };
  }
}
