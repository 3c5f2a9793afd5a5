package dev.kindstead.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.SystemTimers;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexState;
import dev.kindstead.index.PublishedIndexes;
import dev.kindstead.jobs.IndexJobs;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transaction outlives the index that it read by: what came since is in no entry of it. */
final class IndexGoneUnderTransactionTest {
  private static final List<IndexedProperty> A_AND_B =
      List.of(new IndexedProperty("a", false), new IndexedProperty("b", true));

  private final LocalDatabase database = new LocalDatabase(1, ConcurrencyMode.OPTIMISTIC);
  private final SystemTimers timers = new SystemTimers();
  private final PublishedIndexes published = new PublishedIndexes(false);
  private final IndexJobs jobs =
      new IndexJobs(
          database.transactions, new SystemClock(), timers, database.pool, Duration.ofMillis(50));
  private final IndexAdministration administration =
      new IndexAdministration(database.transactions.indexes(), jobs);
  private final Queries queries = new Queries(database.map, published, new SystemClock());

  @BeforeEach
  void start() {
    database.transactions.indexes().onChange(published::publish);
    jobs.start();
  }

  @AfterEach
  void close() {
    jobs.close();
    database.close();
    timers.close();
  }

  private static Map<String, Value> aAndB() {
    Value value = Value.of(new Value.IntegerValue(1));
    return Map.of("a", value, "b", value);
  }

  private long built() throws InterruptedException {
    long id =
        administration.create(LocalDatabase.DATABASE, "K", false, A_AND_B).join().index().id();
    while (administration.get(LocalDatabase.DATABASE, id).index().state() != IndexState.READY) {
      Thread.sleep(2);
    }
    return id;
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
    long index = built();
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
    built();
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
