package dev.kindstead.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.Slots;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.SystemTimers;
import dev.kindstead.index.IndexState;
import dev.kindstead.jobs.Expiry;
import dev.kindstead.jobs.IndexCheck;
import dev.kindstead.jobs.IndexJobs;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.TimestampValue;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Entities go when their time has come, and no others do. */
final class ExpiryTest {
  private static final long SECOND = 1_000_000;

  private final LocalDatabase database = new LocalDatabase(3, ConcurrencyMode.OPTIMISTIC);
  private final SystemTimers timers = new SystemTimers();
  private final SystemClock clock = new SystemClock();
  private final IndexJobs jobs =
      new IndexJobs(database.transactions, clock, timers, database.pool, Duration.ofMillis(20));
  private final Expiry expiry =
      new Expiry(database.transactions, clock, timers, database.pool, Duration.ofMillis(20));
  private final IndexAdministration administration =
      new IndexAdministration(database.transactions.indexes(), jobs);

  @AfterEach
  void close() {
    expiry.close();
    jobs.close();
    database.close();
    timers.close();
  }

  private static Mutation entity(long id, Value.Content until, boolean excluded) {
    return LocalDatabase.put(id, Map.of("until", new Value(until, 0, excluded)));
  }

  private boolean isThere(long id) {
    Key key = LocalDatabase.key(id);
    try (ReadSession session =
        database
            .transactions
            .readShards(LocalDatabase.DATABASE, new ReadMode.Strong(), new int[] {0, 1, 2})
            .join()) {
      int shard = database.map.shardOf(Slots.slotOf(KeyEncoding.entityGroupKey(key)));
      return session.shard(shard).entity(KeyEncoding.entityKey(key)) != null;
    }
  }

  private void awaitDeleted(long count) throws InterruptedException {
    for (int i = 0; i < 500 && expiry.deleted() < count; i++) {
      Thread.sleep(10);
    }
    assertThat(expiry.deleted()).isEqualTo(count);
  }

  @Test
  void timestampsOfThePastEndAnEntity() throws Exception {
    long now = clock.wallMicros();
    for (long id = 1; id <= 250; id++) {
      database.commit(null, entity(id, new TimestampValue(now - id), id % 2 == 0)).join();
    }
    database.commit(null, entity(1_000, new TimestampValue(now + 3_600 * SECOND), false)).join();
    database.commit(null, entity(1_001, new Value.IntegerValue(now - 1), false)).join();
    Value past = Value.of(new TimestampValue(now - 1));
    database.commit(null, entity(1_002, new Value.ArrayValue(List.of(past)), false)).join();
    database.commit(null, LocalDatabase.put(1_003, Map.of("other", past))).join();

    jobs.start();
    var made = administration.createExpiry(LocalDatabase.DATABASE, "K", "until").join();
    while (administration.get(LocalDatabase.DATABASE, made.index().id()).index().state()
        == IndexState.CREATING) {
      Thread.sleep(2);
    }
    expiry.start();
    awaitDeleted(250);
    for (long id = 1; id <= 250; id++) {
      assertThat(isThere(id)).isFalse();
    }
    for (long id = 1_000; id <= 1_003; id++) {
      assertThat(isThere(id)).isTrue();
    }

    database.commit(null, entity(5, new TimestampValue(clock.wallMicros()), true)).join();
    awaitDeleted(251);
    assertThat(administration.list(LocalDatabase.DATABASE)).isEmpty();
    assertThat(administration.listExpiry(LocalDatabase.DATABASE)).hasSize(1);
    IndexCheck.Report report =
        new IndexCheck(database.transactions).check(LocalDatabase.DATABASE, () -> false);
    assertThat(report.different()).isZero();
    assertThat(report.entities()).isEqualTo(4);
  }
}
