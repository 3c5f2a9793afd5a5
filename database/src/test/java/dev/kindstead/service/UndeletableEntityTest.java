package dev.kindstead.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.jobs.IndexCheck;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.transaction.IndexLogs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What could be written can be deleted, whatever indexes came later. */
final class UndeletableEntityTest {
  private static final IndexedProperty A = new IndexedProperty("a", false);
  private static final IndexedProperty B = new IndexedProperty("b", false);

  /** So long that some thousand entries fill a log entry. */
  private static final Key LONG_KEY =
      new Key(
          LocalDatabase.PARTITION,
          List.of("w", "x", "y", "z").stream()
              .map(letter -> PathElement.ofName("K", letter.repeat(1_480)))
              .toList());

  private final LocalDatabase database = new LocalDatabase(1, ConcurrencyMode.OPTIMISTIC);
  private final IndexedDatabase indexed =
      new IndexedDatabase(database, Duration.ofMillis(1), false);
  private final IndexLogs logs = database.transactions.indexes();
  private final IndexAdministration administration = indexed.administration;

  @AfterEach
  void close() {
    indexed.close();
  }

  private static Value integers(int from, int count) {
    List<Value> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(Value.of(new Value.IntegerValue(from + i)));
    }
    return Value.of(new Value.ArrayValue(all));
  }

  private static Mutation square(int side) {
    return LocalDatabase.put(1, Map.of("a", integers(0, side), "b", integers(0, side)));
  }

  private static Mutation ofLongKey(Mutation.Operation operation, Map<String, Value> properties) {
    return Mutation.plain(
        operation,
        LONG_KEY,
        operation == Mutation.Operation.DELETE ? null : new Entity(LONG_KEY, properties));
  }

  private static Mutation deleteOfLongKey() {
    return ofLongKey(Mutation.Operation.DELETE, Map.of());
  }

  private void assertNothingLeft() {
    IndexCheck.Report report =
        new IndexCheck(database.transactions).check(LocalDatabase.DATABASE, () -> false);
    assertThat(report.differences()).isEmpty();
    assertThat(report.entities()).isZero();
    assertThat(report.entries()).isZero();
  }

  /** 14,400 entries in each: too many together, and fewer in each than there may be. */
  @Test
  void aSecondIndexCountsWhatIsInTheFirst() throws Exception {
    indexed.built(IndexState.READY, List.of(A, B));
    database.commit(null, square(120)).join();
    indexed.built(IndexState.ERROR, List.of(B, A));
    database.commit(null, square(120)).join();
    database.commit(null, LocalDatabase.delete(1)).join();
    assertNothingLeft();
  }

  /** The shard maintains the index before what it has too many entries for is found. */
  @Test
  void norWhileAnIndexIsBuiltThatItIsTooMuchFor() {
    database.commit(null, square(150)).join();
    var definition = new IndexDefinition(7, LocalDatabase.DATABASE, "K", false, List.of(A, B));
    logs.putOnShard(0, new IndexRecord(definition, IndexState.CREATING, 7, 7, Bytes.EMPTY)).join();
    assertThatThrownBy(() -> database.commit(null, square(151)).join())
        .hasMessageContaining("too many entries in composite indexes");
    database.commit(null, square(2)).join();
    database.commit(null, LocalDatabase.delete(1)).join();
    database.commit(null, LocalDatabase.delete(1)).join();
    assertNothingLeft();
  }

  /** Each put alone has room in a log entry, but the deletion has to name all entries. */
  @Test
  void whatGrowsStepByStep() {
    Value some = integers(0, 3_000);
    database.commit(null, ofLongKey(Mutation.Operation.UPSERT, Map.of("a", some))).join();
    Mutation grown = ofLongKey(Mutation.Operation.UPSERT, Map.of("a", some, "b", some));
    assertThatThrownBy(() -> database.commit(null, grown).join())
        .hasMessageContaining("index entries");
    database.commit(null, deleteOfLongKey()).join();
    assertNothingLeft();
  }

  /** Or the entity is as large as it may be, and an index adds some more. */
  @Test
  void whatAnIndexAddsTo() throws Exception {
    Value one = integers(0, 1);
    database
        .commit(
            null,
            ofLongKey(
                Mutation.Operation.UPSERT,
                Map.of("a", integers(0, 280), "b", one, "c", integers(0, 4_500))))
        .join();
    indexed.built(IndexState.READY, List.of(A, B));
    indexed.built(IndexState.ERROR, List.of(B, A));
    database.commit(null, deleteOfLongKey()).join();
    assertNothingLeft();
  }
}
