package dev.kindstead.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.SystemClock;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Value;
import dev.kindstead.query.Queries;
import dev.kindstead.query.Query;
import dev.kindstead.query.QueryBatch;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.TransactionOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A transaction outlives the index that it read by: what came since is in no entry of it. */
final class IndexGoneUnderTransactionTest {
  private static final List<IndexedProperty> A_AND_B =
      List.of(new IndexedProperty("a", false), new IndexedProperty("b", true));

  private final LocalDatabase database = new LocalDatabase(1, ConcurrencyMode.OPTIMISTIC);
  private final IndexedDatabase indexed =
      new IndexedDatabase(database, Duration.ofMillis(50), false);
  private final IndexAdministration administration = indexed.administration;
  private final Queries queries = new Queries(database.map, indexed.published, new SystemClock());

  @AfterEach
  void close() {
    indexed.close();
  }

  private static Map<String, Value> aAndB() {
    Value value = Value.of(new Value.IntegerValue(1));
    return Map.of("a", value, "b", value);
  }

  private void delete(long index) throws InterruptedException {
    administration.delete(LocalDatabase.DATABASE, index).join();
    while (!administration.list(LocalDatabase.DATABASE).isEmpty()) {
      Thread.sleep(2);
    }
  }

  private QueryBatch byAThenB(TransactionId transaction) {
    byte[] none = new byte[0];
    Queries.Prepared prepared =
        queries.prepare(
            new Query(
                LocalDatabase.PARTITION,
                "K",
                List.of(),
                null,
                List.of(new Query.Order("a", false), new Query.Order("b", true)),
                List.of(),
                none,
                none,
                0,
                null));
    assertThat(prepared.indexesUsed().getFirst().properties()).startsWith("(a ASC, b DESC");
    try (var session =
        database
            .transactions
            .readShards(
                LocalDatabase.DATABASE, new ReadMode.InTransaction(transaction), prepared.shards())
            .join()) {
      return prepared.run(session, null, false);
    }
  }

  @Test
  void whatItWouldHaveFoundThereIsAConflict() throws Exception {
    long index = indexed.built(IndexState.READY, A_AND_B).id();
    TransactionId transaction =
        database
            .transactions
            .begin(LocalDatabase.DATABASE, new TransactionOptions.ReadWrite(null))
            .join();
    assertThat(byAThenB(transaction).results()).isEmpty();
    delete(index);
    database.commit(null, LocalDatabase.put(1, aAndB())).join();
    assertThatThrownBy(() -> database.commit(transaction, LocalDatabase.put(2, Map.of())).join())
        .rootCause()
        .extracting(failure -> ((DatastoreException) failure).code())
        .isEqualTo(Code.ABORTED);
  }

  @Test
  void whoReadsByAnIndexThatStaysCommits() throws Exception {
    indexed.built(IndexState.READY, A_AND_B);
    TransactionId transaction =
        database
            .transactions
            .begin(LocalDatabase.DATABASE, new TransactionOptions.ReadWrite(null))
            .join();
    assertThat(byAThenB(transaction).results()).isEmpty();
    database.commit(null, LocalDatabase.put(1, Map.of())).join();
    assertThat(database.commit(transaction, LocalDatabase.put(2, aAndB())).join().commitTime())
        .isPositive();
  }
}
