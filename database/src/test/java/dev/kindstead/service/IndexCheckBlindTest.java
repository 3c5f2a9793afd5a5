package dev.kindstead.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.jobs.IndexCheck;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Planted faults in index entries, each of which the check must see, and count once. */
final class IndexCheckBlindTest {
  private static final Value ONE = Value.of(new Value.IntegerValue(1));

  private final LocalDatabase database = new LocalDatabase(1, ConcurrencyMode.OPTIMISTIC);

  @AfterEach
  void close() {
    database.close();
  }

  private IndexCheck.Report check() {
    return new IndexCheck(database.transactions).check(LocalDatabase.DATABASE, () -> false);
  }

  private static Bytes entryOf(long id) {
    return Bytes.of(IndexKeyEncoding.propertyEntry(LocalDatabase.key(id), "a", ONE.content()));
  }

  private static IndexRecord index(IndexState state) {
    List<IndexedProperty> properties =
        List.of(new IndexedProperty("a", false), new IndexedProperty("b", true));
    return new IndexRecord(
        new IndexDefinition(5, LocalDatabase.DATABASE, "K", false, properties),
        state,
        1,
        1,
        Bytes.EMPTY);
  }

  @Test
  void nothingIsWrong() {
    database.commit(null, LocalDatabase.put(1, Map.of("a", ONE, "b", ONE))).join();
    IndexCheck.Report report = check();
    assertThat(report.differences()).isEmpty();
    assertThat(report.different()).isZero();
    assertThat(report.entries()).isEqualTo(3);
  }

  @Test
  void aMissingEntry() {
    database.commit(null, LocalDatabase.put(1, Map.of("a", ONE))).join();
    database.transactions.indexes().remove(0, List.of(entryOf(1))).join();
    IndexCheck.Report report = check();
    assertThat(report.different()).isEqualTo(1);
    assertThat(report.differences()).singleElement().asString().contains("is missing");
  }

  @Test
  void anEntryOfNothingBesideAMissingOne() {
    database.commit(null, LocalDatabase.put(1, Map.of("a", ONE, "b", ONE))).join();
    database.transactions.indexes().remove(0, List.of(entryOf(1))).join();
    // Its entries stay when an index is not maintained any more, and its entity goes.
    database.transactions.indexes().putOnShard(0, index(IndexState.READY)).join();
    database.commit(null, LocalDatabase.put(2, Map.of("a", ONE, "b", ONE))).join();
    database.transactions.indexes().putOnShard(0, index(IndexState.DELETING)).join();
    database.commit(null, LocalDatabase.delete(2)).join();
    database.transactions.indexes().put(index(IndexState.READY)).join();
    IndexCheck.Report report = check();
    assertThat(report.differences())
        .anyMatch(each -> each.contains("1 index entries of no entity"))
        .anyMatch(each -> each.contains("is missing"));
    // The built-in entry and the composite one of the first entity, and the one of the second.
    assertThat(report.different()).isEqualTo(3);
  }

  @Test
  void aCheckEndsWhenNobodyWaitsForIt() {
    database.commit(null, LocalDatabase.put(1, Map.of("a", ONE))).join();
    var checks = new IndexCheck(database.transactions);
    assertThatThrownBy(() -> checks.check(LocalDatabase.DATABASE, () -> true))
        .hasMessageContaining("client");
    assertThat(checks.check(LocalDatabase.DATABASE, () -> false).different()).isZero();
  }

  @Test
  void oneCheckAtATime() {
    database.commit(null, LocalDatabase.put(1, Map.of("a", ONE))).join();
    var checks = new IndexCheck(database.transactions);
    assertThatThrownBy(() ->
            checks.check(
                LocalDatabase.DATABASE,
                () -> checks.check(LocalDatabase.DATABASE, () -> false).different() > 0))
        .hasMessageContaining("a check of indexes is running");
  }
}
