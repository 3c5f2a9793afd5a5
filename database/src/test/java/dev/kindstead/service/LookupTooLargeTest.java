package dev.kindstead.service;

import static dev.kindstead.service.LocalDatabase.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.SystemClock;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import dev.kindstead.model.Value;
import dev.kindstead.transaction.ReadMode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LookupTooLargeTest {
  private final LocalDatabase database = new LocalDatabase(4, ConcurrencyMode.OPTIMISTIC);
  private final Lookup lookup =
      new Lookup(database.transactions, database.map, database.pool, new SystemClock());

  @AfterEach
  void close() {
    database.close();
  }

  private CompletableFuture<Lookup.Response> lookUp(Key... keys) {
    return lookup.run(
        new Lookup.Request(
            LocalDatabase.DATABASE, new ReadMode.Strong(), List.of(keys), null, Long.MAX_VALUE));
  }

  @Test
  void whatDoesNotFitIsDeferredAndCanBeAskedForAgain() {
    Value large = new Value(new Value.StringValue("x".repeat(1_000_000)), 0, true);
    for (int id = 1; id <= 5; id++) {
      database.commit(null, LocalDatabase.put(id, Map.of("text", large))).join();
    }
    Lookup.Response response = lookUp(key(1), key(2), key(9), key(3), key(4), key(5)).join();
    assertThat(response.found())
        .extracting(Lookup.Found::key)
        .containsExactly(key(1), key(2), key(3));
    assertThat(response.missing()).containsExactly(key(9));
    assertThat(response.deferred()).containsExactly(key(4), key(5));
    assertThat(lookUp(key(4), key(5)).join().deferred()).isEmpty();
  }

  @Test
  void duplicatesAreAnsweredOnceAndWithoutLeavingTheCallersThread() {
    database.commit(null, LocalDatabase.put(1, Map.of())).join();
    database.pool.shutdownNow();
    CompletableFuture<Lookup.Response> answer = lookUp(key(1), key(2), key(1), key(2));
    assertThat(answer).isDone();
    assertThat(answer.join().found()).hasSize(1);
    assertThat(answer.join().missing()).containsExactly(key(2));
  }
}
