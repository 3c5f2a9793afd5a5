package dev.kindstead.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.SystemTimers;
import dev.kindstead.index.IndexCatalog;
import dev.kindstead.jobs.IndexCheck;
import dev.kindstead.jobs.Statistics;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.query.Explain;
import dev.kindstead.query.Queries;
import dev.kindstead.query.Query;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.ReadMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Statistics entities say what is stored, follow it, and are in nobody's way. */
final class StatisticsTest {
  private static final byte[] NONE = new byte[0];
  private static final PartitionId DEFAULT = LocalDatabase.PARTITION;
  private static final PartitionId OTHER = DEFAULT.withNamespace("other");

  private final LocalDatabase database = new LocalDatabase(3, ConcurrencyMode.OPTIMISTIC);
  private final SystemTimers timers = new SystemTimers();
  private final Statistics statistics =
      new Statistics(
          database.transactions, new SystemClock(), timers, database.pool, Duration.ofMillis(10));
  private final RunQuery queries =
      new RunQuery(
          new Queries(database.map, IndexCatalog.AUTOMATIC, new SystemClock()),
          new QuerySessions(
              database.transactions, IndexWishes.UNHEARD, database.pool, new SystemClock()));

  @AfterEach
  void close() {
    statistics.close();
    database.close();
    timers.close();
  }

  private void write(PartitionId partition, List<PathElement> path, @Nullable String text) {
    var key = new Key(partition, path);
    Map<String, Value> properties =
        text == null
            ? Map.of()
            : Map.of(
                "text",
                Value.of(new Value.StringValue(text)),
                "hidden",
                new Value(new Value.IntegerValue(1), 0, true));
    var mutation =
        Mutation.plain(
            text == null ? Mutation.Operation.DELETE : Mutation.Operation.UPSERT,
            key,
            text == null ? null : new Entity(key, properties));
    database
        .transactions
        .commit(new CommitRequest(LocalDatabase.DATABASE, null, false, List.of(mutation)))
        .join();
  }

  private static List<PathElement> user(long id) {
    return List.of(PathElement.ofId("User", id));
  }

  private List<Entity> query(PartitionId partition, @Nullable String kind) {
    var query =
        new Query(partition, kind, List.of(), null, List.of(), List.of(), NONE, NONE, 0, null);
    List<Entity> found = new ArrayList<>();
    requireNonNull(
            queries
                .run(new ReadMode.Strong(), query, null, Explain.NOTHING, Long.MAX_VALUE)
                .join()
                .batch())
        .results()
        .forEach(each -> found.add(EntityEncoding.decode(each.entity())));
    return found;
  }

  /** The numbers of each entity of a kind, by its key's name. */
  private Map<String, Map<String, Long>> numbers(PartitionId partition, String kind) {
    Map<String, Map<String, Long>> all = new TreeMap<>();
    for (Entity each : query(partition, kind)) {
      Map<String, Long> numbers = new TreeMap<>();
      each.properties()
          .forEach((name, value) -> {
            if (value.content() instanceof Value.IntegerValue(long number)) {
              numbers.put(name, number);
            }
          });
      all.put(String.valueOf(requireNonNull(each.key()).last().name()), numbers);
    }
    return all;
  }

  private void await(String kind, Predicate<Map<String, Map<String, Long>>> wanted)
      throws InterruptedException {
    for (int i = 0; i < 1_000 && !wanted.test(numbers(DEFAULT, kind)); i++) {
      Thread.sleep(10);
    }
    assertThat(numbers(DEFAULT, kind)).matches(wanted);
  }

  private static Predicate<Map<String, Map<String, Long>>> counts(String name, long count) {
    return all -> all.getOrDefault(name, Map.of()).getOrDefault("count", 0L) == count;
  }

  private static long bytesOfUsers(Map<String, Map<String, Long>> all) {
    return all.getOrDefault("User", Map.of()).getOrDefault("bytes", 0L);
  }

  @Test
  void tellWhatIsStored() throws Exception {
    for (long id = 1; id <= 20; id++) {
      write(DEFAULT, user(id), "abc");
    }
    write(DEFAULT, List.of(user(1).getFirst(), PathElement.ofId("User", 1)), "abc");
    write(OTHER, List.of(PathElement.ofName("Task", "t")), "abc");
    statistics.start();
    await("__Stat_Total__", counts("total_entity_usage", 22));

    Map<String, Long> total =
        requireNonNull(numbers(DEFAULT, "__Stat_Total__").get("total_entity_usage"));
    assertThat(total)
        .containsEntry("builtin_index_count", 44L)
        .containsEntry("composite_index_count", 0L);
    assertThat(total.get("bytes"))
        .isEqualTo(
            total.getOrDefault("entity_bytes", 0L) + total.getOrDefault("builtin_index_bytes", 0L));
    assertThat(numbers(DEFAULT, "__Stat_Kind__")).containsOnlyKeys("User", "Task");
    assertThat(numbers(DEFAULT, "__Stat_Kind_IsRootEntity__").get("User"))
        .containsEntry("count", 20L);
    assertThat(numbers(DEFAULT, "__Stat_Kind_NotRootEntity__").get("User"))
        .containsEntry("count", 1L);
    assertThat(numbers(DEFAULT, "__Stat_PropertyType__")).containsOnlyKeys("String", "Integer");
    assertThat(numbers(DEFAULT, "__Stat_PropertyType_Kind__"))
        .containsOnlyKeys("String_User", "Integer_User", "String_Task", "Integer_Task");
    assertThat(numbers(DEFAULT, "__Stat_PropertyName_Kind__").get("text_User"))
        .containsEntry("count", 21L)
        .containsEntry("builtin_index_count", 21L);
    assertThat(
            numbers(DEFAULT, "__Stat_PropertyType_PropertyName_Kind__").get("Integer_hidden_User"))
        .containsEntry("count", 21L)
        .containsEntry("builtin_index_count", 0L);
    assertThat(numbers(DEFAULT, "__Stat_Namespace__")).hasSize(2);
    assertThat(numbers(OTHER, "__Stat_Ns_Kind__").get("Task")).containsEntry("count", 1L);
    assertThat(numbers(OTHER, "__Stat_Ns_Total__").get("total_entity_usage"))
        .containsEntry("count", 1L);
    assertThat(
            new IndexCheck(database.transactions)
                .check(LocalDatabase.DATABASE, () -> false)
                .different())
        .isZero();
  }

  @Test
  void followWhatIsWrittenAndDeleted() throws Exception {
    write(DEFAULT, user(1), "abc");
    write(OTHER, user(2), "abc");
    statistics.start();
    await("__Stat_Kind__", counts("User", 2));
    long before = bytesOfUsers(numbers(DEFAULT, "__Stat_Kind__"));
    write(DEFAULT, user(1), "abcdef");
    await("__Stat_Kind__", all -> bytesOfUsers(all) == before + 6);
    write(DEFAULT, user(1), null);
    write(OTHER, user(2), null);
    await("__Stat_Total__", Map::isEmpty);
    assertThat(query(OTHER, "__Stat_Ns_Total__")).isEmpty();
  }

  @Test
  void areRightAfterReset() throws Exception {
    write(DEFAULT, user(1), "abc");
    statistics.start();
    await("__Stat_Total__", counts("total_entity_usage", 1));
    database.transactions.reset().join();
    write(DEFAULT, user(2), "abc");
    write(DEFAULT, user(3), "abc");
    await("__Stat_Total__", counts("total_entity_usage", 2));
  }

  @Test
  void areNotMetByQueriesThatDidNotAskForThem() throws Exception {
    write(OTHER, List.of(PathElement.ofName("a", "x")), "abc");
    write(OTHER, List.of(PathElement.ofName("Z", "x")), "abc");
    statistics.start();
    await("__Stat_Total__", counts("total_entity_usage", 2));
    assertThat(query(DEFAULT, null)).isEmpty();
    assertThat(query(OTHER, null)).hasSize(2);
    assertThat(names(query(OTHER, "__kind__"))).containsExactly("Z", "a");
    assertThat(names(query(DEFAULT, "__kind__"))).isEmpty();
    assertThat(names(query(DEFAULT, "__namespace__"))).containsExactly("other");
    assertThat(query(OTHER, "__property__")).hasSize(2);
    assertThat(query(DEFAULT, "__property__")).isEmpty();
  }

  private static List<String> names(List<Entity> entities) {
    return entities.stream()
        .map(each -> String.valueOf(requireNonNull(each.key()).last().name()))
        .toList();
  }
}
