package dev.kindstead.service;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.SystemClock;
import dev.kindstead.index.IndexCatalog;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Value;
import dev.kindstead.query.Explain;
import dev.kindstead.query.Queries;
import dev.kindstead.query.Query;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.TransactionOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a query in a transaction has seen must still be so when the transaction commits. */
final class QueryPhantomTest {
  private static final byte[] NONE = new byte[0];
  private final LocalDatabase database = new LocalDatabase(4, ConcurrencyMode.OPTIMISTIC);
  private final RunQuery queries =
      new RunQuery(
          new Queries(database.map, IndexCatalog.AUTOMATIC, new SystemClock()),
          new QuerySessions(
              database.transactions, IndexWishes.UNHEARD, database.pool, new SystemClock()));

  @AfterEach
  void close() {
    database.close();
  }

  private void put(long id, long n) {
    database.commit(null, LocalDatabase.put(id, of(n))).join();
  }

  private static Map<String, Value> of(long n) {
    return Map.of("n", Value.of(new Value.IntegerValue(n)));
  }

  private RunQuery.Response firstBy(String property, int limit) {
    Query query =
        new Query(
            LocalDatabase.PARTITION,
            "K",
            List.of(),
            null,
            List.of(new Query.Order(property, false)),
            List.of(),
            NONE,
            NONE,
            0,
            limit);
    ReadMode begin = new ReadMode.InNewTransaction(new TransactionOptions.ReadWrite(null));
    return queries.run(begin, query, null, Explain.NOTHING, Long.MAX_VALUE).join();
  }

  private static TransactionId transaction(RunQuery.Response response) {
    TransactionId id = response.newTransaction();
    assertThat(id).isNotNull();
    if (id == null) {
      throw new AssertionError("no transaction");
    }
    return id;
  }

  @Test
  void anEntityThatAppearsWithinWhatWasReadAbortsTheCommit() {
    put(1, 1);
    put(3, 3);
    RunQuery.Response read = firstBy("n", 2);
    put(2, 2);
    assertThatThrownBy(() -> database.commit(transaction(read), LocalDatabase.put(9, of(9))).join())
        .hasMessageContaining("contention");
  }

  @Test
  void anEntityThatAppearsBehindALimitedQueryDoesNot() {
    put(1, 1);
    put(3, 3);
    RunQuery.Response read = firstBy("n", 1);
    put(2, 2);
    database.commit(transaction(read), LocalDatabase.delete(1)).join();
    assertThat(requireNonNull(firstBy("n", 1).batch()).results()).hasSize(1);
  }

  @Test
  void twoConsumersOfAQueueMeetOnlyAtItsHead() {
    put(1, 1);
    put(2, 2);
    RunQuery.Response first = firstBy("n", 1);
    database.commit(transaction(first), LocalDatabase.delete(1)).join();
    RunQuery.Response second = firstBy("n", 1);
    put(3, 3);
    database.commit(transaction(second), LocalDatabase.delete(2)).join();
    assertThat(requireNonNull(firstBy("n", 5).batch()).results()).hasSize(1);
  }
}
