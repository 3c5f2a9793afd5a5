package dev.kindstead.simulation.library;

import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One state of an entity of kind {@code Book}, which belongs to the entity group of its shelf.
 * Immutable.
 *
 * @param tag one of few, so that many books share it
 * @param rank likewise
 * @param marks an array, perhaps empty: then the book has no index entry of it
 * @param stamp another one in each state, not indexed
 */
public record Book(BookId id, String tag, int rank, List<Integer> marks, int stamp) {
  public static final DatabaseId DATABASE = new DatabaseId("simulated", "");

  /** Apart from the lists, and so are their index entries. */
  public static final PartitionId PARTITION = new PartitionId("simulated", "", "library");

  public static final String KIND = "Book";
  static final String SHELF = "Shelf";
  static final String TAG = "tag";
  static final String RANK = "rank";
  static final String MARKS = "marks";
  static final String STAMP = "stamp";
  static final int TAGS = 3;
  static final int RANKS = 8;
  static final int MARKS_MAX = 3;
  private static final int MARK_BOUND = 6;

  public Book {
    marks = List.copyOf(marks);
  }

  /** Which book, whatever its state. */
  public record BookId(int shelf, int number) implements Comparable<BookId> {
    public Key key() {
      return new Key(
          PARTITION,
          List.of(PathElement.ofName(SHELF, "s" + shelf), PathElement.ofName(KIND, "b" + number)));
    }

    /** In the order of the keys, as long as numbers have one digit. */
    @Override
    public int compareTo(BookId other) {
      int compared = Integer.compare(shelf, other.shelf);
      return compared != 0 ? compared : Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
      return "s" + shelf + "/b" + number;
    }
  }

  /** Some state. */
  public static Book some(BookId id, int stamp, RandomGenerator random) {
    List<Integer> marks = new ArrayList<>();
    for (int i = random.nextInt(MARKS_MAX + 1); i > 0; i--) {
      int mark = random.nextInt(MARK_BOUND);
      if (!marks.contains(mark)) {
        marks.add(mark);
      }
    }
    return new Book(id, tag(random), random.nextInt(RANKS), marks, stamp);
  }

  static String tag(RandomGenerator random) {
    return "t" + random.nextInt(TAGS);
  }

  static int mark(RandomGenerator random) {
    return random.nextInt(MARK_BOUND);
  }

  public Mutation upsert() {
    Map<String, Value> properties = new LinkedHashMap<>();
    properties.put(TAG, Value.of(new Value.StringValue(tag)));
    properties.put(RANK, Value.of(new Value.IntegerValue(rank)));
    List<Value> all = marks.stream().map(mark -> Value.of(new Value.IntegerValue(mark))).toList();
    properties.put(MARKS, Value.of(new Value.ArrayValue(all)));
    properties.put(STAMP, new Value(new Value.IntegerValue(stamp), 0, true));
    return mutation(Mutation.Operation.UPSERT, id, new Entity(id.key(), properties));
  }

  public static Mutation deletion(BookId id) {
    return mutation(Mutation.Operation.DELETE, id, null);
  }

  private static Mutation mutation(
      Mutation.Operation operation, BookId id, @Nullable Entity entity) {
    return Mutation.plain(operation, id.key(), entity);
  }

  /** Whether an entity is a book. */
  public static boolean isOne(Entity entity) {
    Key key = entity.key();
    return key != null && key.kind().equals(KIND) && key.partition().equals(PARTITION);
  }

  /** What a result shows of it, as {@link #shown(Entity)} says it. */
  String shown() {
    Map<String, String> values = new TreeMap<>();
    values.put(TAG, tag);
    values.put(RANK, String.valueOf(rank));
    values.put(MARKS, marks.toString());
    values.put(STAMP, String.valueOf(stamp));
    return shown(id, values);
  }

  static String shown(BookId id, Map<String, String> values) {
    return id + " " + new TreeMap<>(values);
  }

  /** What a result of the product shows: the key, and the properties that are there. */
  public static String shown(Entity entity) {
    Map<String, String> values = new TreeMap<>();
    entity.properties().forEach((name, value) -> values.put(name, text(value)));
    Key key = entity.key();
    var path = new StringJoiner("/");
    if (key != null) {
      key.path().forEach(element -> path.add(String.valueOf(element.name())));
    }
    return path + " " + values;
  }

  private static String text(Value value) {
    return switch (value.content()) {
      case Value.StringValue(String text) -> text;
      case Value.IntegerValue(long number) -> String.valueOf(number);
      case Value.ArrayValue(List<Value> all) -> all.stream().map(Book::text).toList().toString();
      default -> value.toString();
    };
  }
}
