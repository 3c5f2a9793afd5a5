package dev.kindstead.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.CompositeKeyEncoding;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.index.CompositeIndexes;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexEntry;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Value;
import dev.kindstead.query.Explain;
import dev.kindstead.query.Queries;
import dev.kindstead.query.Query;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.IndexLogs;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.TransactionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A composite index built while entities come, change and go has all its entries and no others. */
final class IndexIncompleteTest {
  private static final int SHARDS = 4;
  private static final int IDS = 300;
  private static final List<IndexedProperty> A_AND_B =
      List.of(new IndexedProperty("a", false), new IndexedProperty("b", true));

  private final LocalDatabase database = new LocalDatabase(SHARDS, ConcurrencyMode.OPTIMISTIC);
  private final IndexedDatabase indexed =
      new IndexedDatabase(database, Duration.ofMillis(50), true);
  private final IndexAdministration administration = indexed.administration;
  private final RunQuery queries =
      new RunQuery(
          new Queries(database.map, indexed.published, new SystemClock()),
          new QuerySessions(
              database.transactions, IndexWishes.UNHEARD, database.pool, new SystemClock()));

  @AfterEach
  void close() {
    indexed.close();
  }

  private static Map<String, Value> properties(SplittableRandom random) {
    List<Value> some = new ArrayList<>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      some.add(Value.of(new Value.IntegerValue(random.nextInt(5))));
    }
    Value one = Value.of(new Value.IntegerValue(random.nextInt(5)));
    Value a = random.nextInt(3) == 0 ? Value.of(new Value.ArrayValue(some)) : one;
    return random.nextInt(6) == 0 ? Map.of("a", a) : Map.of("a", a, "b", one);
  }

  private static Mutation mutation(SplittableRandom random) {
    long id = random.nextLong(1, IDS);
    return random.nextInt(4) == 0
        ? LocalDatabase.delete(id)
        : LocalDatabase.put(id, properties(random));
  }

  private void write(SplittableRandom random) {
    if (random.nextInt(3) > 0) {
      database.commit(null, mutation(random)).join();
      return;
    }
    var transaction =
        database
            .transactions
            .begin(LocalDatabase.DATABASE, new TransactionOptions.ReadWrite(null))
            .join();
    long first = random.nextLong(1, IDS / 2);
    long second = random.nextLong(IDS / 2, IDS);
    database
        .commit(
            transaction,
            LocalDatabase.put(first, properties(random)),
            LocalDatabase.put(second, properties(random)))
        .handle((_, _) -> null)
        .join();
  }

  private IndexDefinition built(boolean ancestor) throws InterruptedException {
    var index =
        administration.create(LocalDatabase.DATABASE, "K", ancestor, A_AND_B).join().index();
    while (administration.get(LocalDatabase.DATABASE, index.id()).index().state()
        == IndexState.CREATING) {
      Thread.sleep(2);
    }
    assertThat(administration.get(LocalDatabase.DATABASE, index.id()).index().state())
        .isEqualTo(IndexState.READY);
    return index.definition();
  }

  /** The entries that are there, and those that the entities ask for, at one moment. */
  private void assertComplete(IndexDefinition index) {
    int[] shards = {0, 1, 2, 3};
    byte[] prefix = CompositeKeyEncoding.prefix(LocalDatabase.PARTITION, "K", index.id());
    try (ReadSession session =
        database
            .transactions
            .readShards(LocalDatabase.DATABASE, new ReadMode.Strong(), shards)
            .join()) {
      for (int shard : shards) {
        Map<Bytes, Boolean> expected = new TreeMap<>();
        try (Snapshot.EntityScan scan =
            session.shard(shard).entities(new byte[0], new byte[0], false)) {
          for (; scan.isValid(); scan.next()) {
            Entity entity = EntityEncoding.decode(scan.row().entity());
            for (IndexEntry entry : CompositeIndexes.entriesOf(entity, List.of(index))) {
              expected.put(entry.key(), entry.multiValued());
            }
          }
        }
        Map<Bytes, Boolean> found = new TreeMap<>();
        try (Snapshot.IndexScan scan =
            session.shard(shard).indexEntries(prefix, ByteOrder.afterPrefix(prefix), false)) {
          for (; scan.isValid(); scan.next()) {
            found.put(Bytes.of(scan.key()), scan.multiValued());
          }
        }
        assertThat(found).as("shard " + shard).isEqualTo(expected);
      }
    }
  }

  @Test
  void whateverIsWrittenMeanwhile() throws Exception {
    for (long seed = 1; seed <= 6; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < 400; i++) {
        write(random);
      }
      AtomicBoolean over = new AtomicBoolean();
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        SplittableRandom own = random.split();
        writers.add(
            CompletableFuture.runAsync(
                () -> {
                  while (!over.get()) {
                    write(own);
                  }
                },
                task -> Thread.ofVirtual().start(task)));
      }
      IndexDefinition index = built(seed % 2 == 0);
      over.set(true);
      for (Future<?> each : writers) {
        each.get();
      }
      assertComplete(index);
      for (int i = 0; i < 200; i++) {
        write(random);
      }
      assertComplete(index);
      deleted(index);
    }
  }

  private void deleted(IndexDefinition index) throws InterruptedException {
    administration.delete(LocalDatabase.DATABASE, index.id()).join();
    while (!administration.list(LocalDatabase.DATABASE).isEmpty()) {
      Thread.sleep(2);
    }
    byte[] prefix = CompositeKeyEncoding.beforeNamespace(LocalDatabase.DATABASE);
    try (ReadSession session =
        database
            .transactions
            .readShards(LocalDatabase.DATABASE, new ReadMode.Strong(), new int[] {0, 1, 2, 3})
            .join()) {
      for (int shard = 0; shard < SHARDS; shard++) {
        try (Snapshot.IndexScan scan =
            session.shard(shard).indexEntries(prefix, ByteOrder.afterPrefix(prefix), false)) {
          assertThat(scan.isValid()).isFalse();
        }
      }
    }
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

  private RunQuery.Response run(ReadMode mode) {
    return queries.run(mode, byAThenB(), null, Explain.ANALYZE, Long.MAX_VALUE).join();
  }

  @Test
  void strictDatabasesRefuseAQueryUntilItsIndexIsThere() throws Exception {
    database
        .commit(
            null,
            LocalDatabase.put(
                1,
                Map.of("a", Value.of(Value.NullValue.NULL), "b", Value.of(Value.NullValue.NULL))))
        .join();
    assertThatThrownBy(() -> run(new ReadMode.Strong()))
        .hasRootCauseMessage(
            """
            no matching index found. recommended index is:
            - kind: K
              properties:
              - name: a
              - name: b
                direction: desc
            """)
        .rootCause()
        .extracting(failure -> ((DatastoreException) failure).code())
        .isEqualTo(Code.FAILED_PRECONDITION);
    long before = database.commit(null, LocalDatabase.delete(9)).join().commitTime();
    built(false);
    RunQuery.Response response = run(new ReadMode.Strong());
    assertThat(requireNonNull(response.batch()).results()).hasSize(1);
    assertThat(requireNonNull(response.indexesUsed()).getFirst().properties())
        .isEqualTo("(a ASC, b DESC, __name__ DESC)");
    assertThatThrownBy(() -> run(new ReadMode.AtTime(before)))
        .as("a snapshot from before the index")
        .rootCause()
        .hasMessageStartingWith("no matching index found");
  }

  @Test
  void anEntityWithTooManyCombinationsIsRefusedAndEndsTheBuilding() throws Exception {
    List<Value> many = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      many.add(Value.of(new Value.IntegerValue(i)));
    }
    Value array = Value.of(new Value.ArrayValue(many));
    Mutation explosive = LocalDatabase.put(1, Map.of("a", array, "b", array));
    IndexDefinition index = built(false);
    assertThatThrownBy(() -> database.commit(null, explosive).join())
        .hasMessageContaining("too many entries in composite indexes");
    deleted(index);
    database.commit(null, explosive).join();
    var failing = administration.create(LocalDatabase.DATABASE, "K", false, A_AND_B).join().index();
    while (administration.get(LocalDatabase.DATABASE, failing.id()).index().state()
        == IndexState.CREATING) {
      Thread.sleep(2);
    }
    assertThat(administration.get(LocalDatabase.DATABASE, failing.id()).index().state())
        .isEqualTo(IndexState.ERROR);
    database.commit(null, LocalDatabase.put(2, Map.of("a", array, "b", array))).join();
    deleted(failing.definition());
  }

  /** Whoever gave up broke off in between: in the end, the index is given up everywhere. */
  @ParameterizedTest
  @ValueSource(ints = {1, SHARDS})
  void whatWasGivenUpOnSomeShardsIsNotReady(int shardsGivenUp) throws Exception {
    database.commit(null, LocalDatabase.put(1, Map.of("a", Value.of(Value.NullValue.NULL)))).join();
    IndexLogs logs = database.transactions.indexes();
    long now = logs.newTimestamp().join();
    var definition =
        new IndexDefinition(
            now, LocalDatabase.DATABASE, "K", false, A_AND_B, IndexDefinition.Purpose.QUERIES);
    var index = new IndexRecord(definition, IndexState.CREATING, now, now, Bytes.EMPTY);
    for (int shard = 0; shard < SHARDS; shard++) {
      boolean isGivenUp = shard < shardsGivenUp;
      logs.putOnShard(shard, isGivenUp ? index.in(IndexState.ERROR, now) : index).join();
    }
    logs.put(index).join();
    while (administration.get(LocalDatabase.DATABASE, now).index().state() == IndexState.CREATING) {
      Thread.sleep(2);
    }
    assertThat(administration.get(LocalDatabase.DATABASE, now).index().state())
        .isEqualTo(IndexState.ERROR);
    deleted(definition);
  }

  @Test
  void theSameIndexCannotBeTwice() throws Exception {
    built(false);
    assertThatThrownBy(
            () -> administration.create(LocalDatabase.DATABASE, "K", false, A_AND_B).join())
        .hasRootCauseMessage("index already exists");
    built(true);
    assertThatThrownBy(() ->
            administration.create(LocalDatabase.DATABASE, "K", false, A_AND_B.subList(0, 1)).join())
        .hasMessageContaining("every property has one");
  }
}
