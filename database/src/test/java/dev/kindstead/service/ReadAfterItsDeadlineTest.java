package dev.kindstead.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.HandTime;
import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.transaction.ReadMode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A read whose turn comes when nobody waits for it any more takes no thread from others. */
final class ReadAfterItsDeadlineTest {
  private static final Duration LEFT = Duration.ofSeconds(1);

  private final LocalDatabase database = new LocalDatabase(1, ConcurrencyMode.OPTIMISTIC);
  private final Queue<Runnable> pool = new ArrayDeque<>();
  private final HandTime clock = new HandTime();
  private final ReadingThreads threads = new ReadingThreads(pool::add, clock);
  private int readings;

  @AfterEach
  void close() {
    database.close();
  }

  private CompletableFuture<Integer> read() {
    var session =
        database
            .transactions
            .readKeys(
                LocalDatabase.DATABASE,
                new ReadMode.Strong(),
                Collections.singletonList(LocalDatabase.key(1)))
            .join();
    return threads.read(session, clock.monotonicNanos() + LEFT.toNanos(), _ -> ++readings);
  }

  @Test
  void itIsNotBegun() {
    CompletableFuture<Integer> read = read();
    clock.pass(LEFT.plusNanos(1));
    pool.remove().run();
    assertThatThrownBy(read::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            DatastoreException.class,
            failure -> assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED));
    assertThat(readings).isZero();
  }

  @Test
  void oneInTimeIs() {
    CompletableFuture<Integer> read = read();
    clock.pass(LEFT);
    pool.remove().run();
    assertThat(read).isCompletedWithValue(1);
  }
}
