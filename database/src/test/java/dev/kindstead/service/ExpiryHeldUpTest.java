package dev.kindstead.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.Slots;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.SystemTimers;
import dev.kindstead.index.IndexState;
import dev.kindstead.jobs.Expiry;
import dev.kindstead.jobs.IndexJobs;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import dev.kindstead.model.Value;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.TransactionOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An entity whose time has come but that can't be deleted now holds up no other one. */
final class ExpiryHeldUpTest {
  private static final int ENTITIES = 24;
  private static final Duration PERIOD = Duration.ofMillis(5);

  private final LocalDatabase database = new LocalDatabase(3, ConcurrencyMode.PESSIMISTIC);
  private final SystemTimers timers = new SystemTimers();
  private final SystemClock clock = new SystemClock();
  private final IndexJobs jobs =
      new IndexJobs(database.transactions, clock, timers, database.pool, Duration.ofMillis(20));

  @AfterEach
  void close() {
    jobs.close();
    database.close();
    timers.close();
  }

  private int shardOf(Key key) {
    return database.map.shardOf(Slots.slotOf(KeyEncoding.entityGroupKey(key)));
  }

  /** The one on the first shard whose time came first is read by a transaction that stays open. */
  private void lockFirst() throws InterruptedException {
    long now = clock.wallMicros();
    long locked =
        LongStream.rangeClosed(1, ENTITIES)
            .filter(id -> shardOf(LocalDatabase.key(id)) == 0)
            .findFirst()
            .orElseThrow();
    for (long id = 1; id <= ENTITIES; id++) {
      long until = id == locked ? now - 1_000 : now - id;
      database
          .commit(
              null,
              LocalDatabase.put(id, Map.of("until", Value.of(new Value.TimestampValue(until)))))
          .join();
    }
    jobs.start();
    var administration = new IndexAdministration(database.transactions.indexes(), jobs);
    var made = administration.createExpiry(LocalDatabase.DATABASE, "K", "until").join();
    while (administration.get(LocalDatabase.DATABASE, made.index().id()).index().state()
        == IndexState.CREATING) {
      Thread.sleep(2);
    }
    var transaction =
        database
            .transactions
            .begin(LocalDatabase.DATABASE, new TransactionOptions.ReadWrite(null))
            .join();
    try (ReadSession session =
        database
            .transactions
            .readKeys(
                LocalDatabase.DATABASE,
                new ReadMode.InTransaction(transaction),
                List.of(LocalDatabase.key(locked)))
            .join()) {
      assertThat(session.shard(0).entity(KeyEncoding.entityKey(LocalDatabase.key(locked))))
          .isNotNull();
    }
  }

  private static void awaitOthersDeleted(Expiry expiry) throws InterruptedException {
    for (int i = 0; i < 2_000 && expiry.deleted() < ENTITIES - 1; i++) {
      Thread.sleep(10);
    }
    assertThat(expiry.deleted()).isEqualTo(ENTITIES - 1);
  }

  @Test
  void byItsPageOrItsShard() throws Exception {
    lockFirst();
    try (var expiry = new Expiry(database.transactions, clock, timers, database.pool, PERIOD)) {
      expiry.start();
      awaitOthersDeleted(expiry);
    }
  }

  /** A round looks at one entity alone, and always did at this one. */
  @Test
  void bySpendingTheWholeRound() throws Exception {
    lockFirst();
    try (var expiry = new Expiry(database.transactions, clock, timers, database.pool, PERIOD, 1)) {
      expiry.start();
      awaitOthersDeleted(expiry);
    }
  }
}
