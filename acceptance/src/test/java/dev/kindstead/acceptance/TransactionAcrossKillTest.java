package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.Transaction;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The node that serves is killed between what a transaction reads and what it writes. */
@ExtendWith(ClusterOf3.class)
class TransactionAcrossKillTest {
  private final String project = Projects.fresh();

  @Test
  void theClientHearsAbortedAndItsRetrySucceeds(KindsteadCluster cluster) {
    int served = cluster.serving();
    Datastore datastore = JavaClient.of(cluster.endpoint(cluster.others().getFirst()), project);
    Key key = datastore.newKeyFactory().setKind("Account").newKey("a");
    datastore.put(account(key, 1));

    Transaction transaction = datastore.newTransaction();
    long balance = transaction.get(key).getLong("balance");
    cluster.kill(served);
    transaction.put(account(key, balance + 10));
    var failure = catchThrowableOfType(DatastoreException.class, transaction::commit);
    assertThat(failure).isNotNull();
    assertThat(failure.getReason()).isEqualTo("ABORTED");
    assertThat(datastore.get(key).getLong("balance")).isEqualTo(1);

    cluster.start(served);
    AtomicInteger attempts = new AtomicInteger();
    int servedNext = cluster.serving();
    Datastore other = JavaClient.of(cluster.endpoint(cluster.others().getFirst()), project);
    other.runInTransaction(retried -> {
      long read = retried.get(key).getLong("balance");
      if (attempts.incrementAndGet() == 1) {
        cluster.kill(servedNext);
      }
      return retried.put(account(key, read + 100));
    });
    assertThat(attempts.get()).isEqualTo(2);
    assertThat(other.get(key).getLong("balance")).isEqualTo(101);
  }

  private static Entity account(Key key, long balance) {
    return Entity.newBuilder(key).set("balance", balance).build();
  }
}
