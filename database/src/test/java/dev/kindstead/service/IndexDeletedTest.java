package dev.kindstead.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.CompositeKeyEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.index.PublishedIndexes;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Value;
import dev.kindstead.query.Queries;
import dev.kindstead.query.Query;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.IndexLogs;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What may go wrong while an index is deleted. Found by the simulation. */
final class IndexDeletedTest {
  private static final List<IndexedProperty> A_AND_B =
      List.of(new IndexedProperty("a", false), new IndexedProperty("b", true));

  private final LocalDatabase database = new LocalDatabase(1, ConcurrencyMode.OPTIMISTIC);
  private final IndexedDatabase indexed = new IndexedDatabase(database, Duration.ofHours(1), false);
  private final PublishedIndexes published = indexed.published;
  private final IndexLogs logs = database.transactions.indexes();
  private final IndexAdministration administration = indexed.administration;
  private final Queries queries = new Queries(database.map, published, new SystemClock());

  @AfterEach
  void close() {
    indexed.close();
  }

  private void put(long id) {
    Value value = Value.of(new Value.IntegerValue(id));
    database.commit(null, LocalDatabase.put(id, Map.of("a", value, "b", value))).join();
  }

  private static Query byAThenB() {
    return new Query(
        LocalDatabase.PARTITION,
        "K",
        List.of(),
        null,
        List.of(new Query.Order("a", false), new Query.Order("b", true)),
        List.of(),
        new byte[0],
        new byte[0],
        0,
        null);
  }

  private ReadSession session() {
    return database
        .transactions
        .readShards(LocalDatabase.DATABASE, new ReadMode.Strong(), new int[] {0})
        .join();
  }

  /** Simulation with {@code --library}, seed 12: a node that has not heard of the deletion. */
  @Test
  void aQueryThatIsPlannedElsewhereSeesWhatIsWrittenAfter() throws Exception {
    put(1);
    IndexRecord index = indexed.built(IndexState.READY, A_AND_B);
    var elsewhere = new PublishedIndexes(false);
    elsewhere.publish(List.of(index));
    Queries.Prepared planned =
        new Queries(database.map, elsewhere, new SystemClock()).prepare(byAThenB());
    administration.delete(LocalDatabase.DATABASE, index.definition().id()).join();
    // The job takes the index up on another thread, before or after this.
    for (long id = 2; id <= 50; id++) {
      put(id);
      Thread.sleep(2);
    }
    try (ReadSession session = session()) {
      assertThat(planned.run(session, null, true).results()).hasSize(50);
    }
  }

  /** Simulation, seed 510006: a node that had been away planned before it heard of the deletion. */
  @Test
  void aQueryThatWasPlannedWithAnIndexThatIsGoneIsPlannedAgain() {
    put(1);
    var definition =
        new IndexDefinition(
            7, LocalDatabase.DATABASE, "K", false, A_AND_B, IndexDefinition.Purpose.QUERIES);
    published.publish(List.of(new IndexRecord(definition, IndexState.READY, 1, 1, Bytes.EMPTY)));
    Queries.Prepared planned = queries.prepare(byAThenB());
    assertThat(planned.indexesUsed().getFirst().properties()).startsWith("(a ASC, b DESC");
    published.publish(List.of());
    try (ReadSession session = session()) {
      assertThat(planned.run(session, null, true).results()).hasSize(1);
    }
  }

  /** Simulation with {@code --library}, seed 2: the answer of the first removal was lost. */
  @Test
  void whatIsRemovedTwiceAtOnceStopsNoReplica() throws Exception {
    for (long id = 1; id <= 10; id++) {
      put(id);
    }
    IndexDefinition index = indexed.built(IndexState.READY, A_AND_B).definition();
    List<Bytes> entries = new ArrayList<>();
    byte[] prefix = CompositeKeyEncoding.prefix(LocalDatabase.PARTITION, "K", index.id());
    try (ReadSession session = session();
        Snapshot.IndexScan scan =
            session.shard(0).indexEntries(prefix, ByteOrder.afterPrefix(prefix), false)) {
      for (; scan.isValid(); scan.next()) {
        entries.add(Bytes.of(scan.key()));
      }
    }
    assertThat(entries).hasSize(10);
    CompletableFuture.allOf(logs.remove(0, entries), logs.remove(0, entries)).join();
    logs.remove(0, entries).join();
    assertThat(database.transactions.failure()).isEmpty();
    assertThat(database.transactions.held()).isZero();
  }

  /** Simulation with {@code --library --spread 5}, seed 306: a node that had served built on. */
  @Test
  void whoBuildsItStillDoesNotBringItBack() throws Exception {
    put(1);
    IndexDefinition index = indexed.built(IndexState.READY, A_AND_B).definition();
    logs.dropOnShard(0, index.id()).join();
    IndexRecord building =
        new IndexRecord(index, IndexState.CREATING, index.id(), index.id(), Bytes.EMPTY);
    Bytes entity = Bytes.of(KeyEncoding.entityKey(LocalDatabase.key(1)));
    assertThatThrownBy(() -> logs.enter(0, building, List.of(entity)).join())
        .hasMessageContaining("not being built here any more");
    assertThat(logs.ofShard(0).join()).isEmpty();
  }

  /** The same for one whose last page was on its way, or waited, when the shard was done. */
  @Test
  void whoBuildsItStillDoesNotTakeBackThatItIsReady() throws Exception {
    put(1);
    IndexDefinition index = indexed.built(IndexState.READY, A_AND_B).definition();
    IndexRecord building =
        new IndexRecord(index, IndexState.CREATING, index.id(), index.id(), Bytes.EMPTY);
    Bytes entity = Bytes.of(KeyEncoding.entityKey(LocalDatabase.key(1)));
    assertThatThrownBy(() -> logs.enter(0, building, List.of(entity)).join())
        .hasMessageContaining("not being built here any more");
    assertThat(logs.ofShard(0).join().getFirst().state()).isEqualTo(IndexState.READY);
  }
}
