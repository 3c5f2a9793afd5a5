package dev.kindstead.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.jobs.IndexCheck;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entities with very many or very long entries in an index that is built or emptied. */
final class OversizedIndexPageTest {
  private final LocalDatabase database = new LocalDatabase(1, ConcurrencyMode.OPTIMISTIC);
  private final IndexedDatabase indexed =
      new IndexedDatabase(database, Duration.ofMillis(1), false);
  private final IndexAdministration administration = indexed.administration;

  @AfterEach
  void close() {
    indexed.close();
  }

  /** Of strings nearly as long as indexed ones may be. */
  private static Value strings(int count, char filling) {
    List<Value> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String text = i + String.valueOf(filling).repeat(1_490);
      all.add(Value.of(new Value.StringValue(text)));
    }
    return Value.of(new Value.ArrayValue(all));
  }

  private static Value integers(int count) {
    List<Value> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(Value.of(new Value.IntegerValue(i)));
    }
    return Value.of(new Value.ArrayValue(all));
  }

  private static List<IndexedProperty> properties(String... names) {
    return List.of(names).stream().map(name -> new IndexedProperty(name, false)).toList();
  }

  private void assertSound() {
    IndexCheck.Report report =
        new IndexCheck(database.transactions).check(LocalDatabase.DATABASE, () -> false);
    assertThat(report.differences()).isEmpty();
  }

  /** Each has 22 MB of entries, which the log takes, but not those of both at a time. */
  @Test
  void whatDoesNotFitIntoOneLogEntryIsEnteredInSeveral() throws Exception {
    var large = Map.of("a", strings(100, 'x'), "b", integers(150));
    for (long id = 1; id <= 5; id++) {
      boolean isLarge = id == 2 || id == 4;
      database
          .commit(null, LocalDatabase.put(id, isLarge ? large : Map.of("a", integers(1))))
          .join();
    }
    indexed.built(IndexState.READY, properties("a", "b"));
    assertSound();
  }

  @Test
  void anEntityThatNoLogEntryHasRoomForEndsTheBuilding() throws Exception {
    database
        .commit(null, LocalDatabase.put(1, Map.of("a", strings(105, 'x'), "b", integers(190))))
        .join();
    indexed.built(IndexState.ERROR, properties("a", "b"));
    database.commit(null, LocalDatabase.delete(1)).join();
    assertSound();
  }

  /** Zeros take two bytes each in an entry: a page of 200 such entries has 60 MB. */
  @Test
  void entriesThatDoNotFitIntoOneLogEntryAreRemovedInSeveral() throws Exception {
    List<String> names = new ArrayList<>();
    Map<String, Value> values = new LinkedHashMap<>();
    for (int i = 0; i < IndexAdministration.PROPERTIES_MAX; i++) {
      names.add("p" + i);
      values.put(names.get(i), Value.of(new Value.StringValue("\0".repeat(1_490))));
    }
    for (long id = 1; id <= 120; id++) {
      database.commit(null, LocalDatabase.put(id, values)).join();
    }
    IndexRecord index = indexed.built(IndexState.READY, properties(names.toArray(String[]::new)));
    administration.delete(LocalDatabase.DATABASE, index.id()).join();
    while (!indexed.jobs.isGone(index.id()) && database.transactions.failure().isEmpty()) {
      Thread.sleep(2);
    }
    assertThat(database.transactions.failure()).isEmpty();
    assertSound();
  }
}
