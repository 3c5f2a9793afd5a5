package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.Query;
import com.google.cloud.datastore.StructuredQuery.PropertyFilter;
import com.google.cloud.datastore.Transaction;
import com.google.common.collect.ImmutableList;
import com.google.datastore.v1.TransactionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("shared")
@ExtendWith(SharedServer.class)
class JavaClientTransactionsTest {
  private static final int COUNTERS_THREADS = 4;
  private static final int COUNTS_EACH = 10;

  private final String project = Projects.fresh();
  private final Datastore datastore;

  JavaClientTransactionsTest(Endpoint server) {
    datastore = JavaClient.of(server, project);
  }

  private Key key(String name) {
    return datastore.newKeyFactory().setKind("Account").newKey(name);
  }

  private static Entity account(Key key, long balance) {
    return Entity.newBuilder(key).set("balance", balance).build();
  }

  private long balance(String name) {
    return datastore.get(key(name)).getLong("balance");
  }

  @Test
  void bothEntitiesOrNone() {
    datastore.put(account(key("a"), 100), account(key("b"), 0));

    datastore.runInTransaction(transaction -> {
      long a = transaction.get(key("a")).getLong("balance");
      transaction.put(account(key("a"), a - 30));
      transaction.put(account(key("b"), 30));
      return true;
    });

    assertThat(balance("a")).isEqualTo(70);
    assertThat(balance("b")).isEqualTo(30);
  }

  @Test
  void aRolledBackTransactionLeavesNothing() {
    Transaction transaction = datastore.newTransaction();
    transaction.put(account(key("c"), 1));
    transaction.rollback();

    assertThat(datastore.get(key("c"))).isNull();
    assertThat(transaction.isActive()).isFalse();
  }

  @Test
  void readsSeeTheSnapshotAndNeverOwnWrites() {
    datastore.put(account(key("d"), 1));
    Transaction transaction = datastore.newTransaction();
    transaction.put(account(key("d"), 2));

    assertThat(transaction.get(key("d")).getLong("balance")).isEqualTo(1);

    transaction.commit();
    assertThat(balance("d")).isEqualTo(2);
  }

  @Test
  void ofTwoThatReadAndWriteTheSameOneIsAborted() {
    datastore.put(account(key("e"), 0));
    Transaction first = datastore.newTransaction();
    Transaction second = datastore.newTransaction();
    first.get(key("e"));
    second.get(key("e"));

    int committed = 0;
    for (Transaction each : List.of(first, second)) {
      try {
        each.put(account(key("e"), 10));
        each.commit();
        committed++;
      } catch (DatastoreException conflict) {
        assertThat(conflict.getReason()).isEqualTo("ABORTED");
      }
    }

    assertThat(committed).isEqualTo(1);
  }

  @Test
  void noIncrementIsLostWhenManyCountAtOnce() throws Exception {
    datastore.put(account(key("counter"), 0));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> counting = new ArrayList<>();
      for (int i = 0; i < COUNTERS_THREADS; i++) {
        counting.add(threads.submit(this::count));
      }
      for (Future<?> each : counting) {
        each.get();
      }
    }

    assertThat(balance("counter")).isEqualTo(COUNTERS_THREADS * COUNTS_EACH);
  }

  private void count() {
    for (int done = 0; done < COUNTS_EACH; ) {
      try {
        datastore.runInTransaction(transaction -> {
          long before = transaction.get(key("counter")).getLong("balance");
          return transaction.put(account(key("counter"), before + 1));
        });
        done++;
      } catch (DatastoreException contended) {
        // The client gave up retrying; nothing is applied then.
        assertThat(contended.getReason()).isEqualTo("ABORTED");
      }
    }
  }

  @Test
  void aReadOnlyTransactionSeesOneMomentAndBlocksNobody() {
    datastore.put(account(key("f"), 1), account(key("g"), 1));
    Transaction transaction =
        datastore.newTransaction(
            TransactionOptions.newBuilder()
                .setReadOnly(TransactionOptions.ReadOnly.getDefaultInstance())
                .build());
    assertThat(transaction.get(key("f")).getLong("balance")).isEqualTo(1);

    datastore.put(account(key("f"), 2), account(key("g"), 2));

    assertThat(transaction.get(key("g")).getLong("balance")).isEqualTo(1);
    transaction.commit();
  }

  @Test
  void aQueryInsideATransactionIsGuardedAgainstPhantoms() {
    Key list = datastore.newKeyFactory().setKind("List").newKey("guests");
    Transaction transaction = datastore.newTransaction();
    var query =
        Query.newEntityQueryBuilder()
            .setKind("Guest")
            .setFilter(PropertyFilter.hasAncestor(list))
            .build();
    assertThat(ImmutableList.copyOf(transaction.run(query))).isEmpty();

    boolean intruded = intrude(Key.newBuilder(list, "Guest", "intruder").build());
    transaction.put(Entity.newBuilder(Key.newBuilder(list, "Guest", "first").build()).build());

    if (intruded) {
      assertThatExceptionOfType(DatastoreException.class)
          .isThrownBy(transaction::commit)
          .satisfies(e -> assertThat(e.getReason()).isEqualTo("ABORTED"));
    } else {
      transaction.commit();
    }
  }

  /** Whether the put went through; a pessimistic database may refuse it with ABORTED. */
  private boolean intrude(Key key) {
    try {
      datastore.put(Entity.newBuilder(key).build());
      return true;
    } catch (DatastoreException refused) {
      assertThat(refused.getReason()).isEqualTo("ABORTED");
      return false;
    }
  }
}
