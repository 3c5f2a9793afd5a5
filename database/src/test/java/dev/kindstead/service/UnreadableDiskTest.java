package dev.kindstead.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.HandTime;
import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.storage.StorageException;
import dev.kindstead.transaction.ReadMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever reads from a disk that fails may try again, and is not told of the node's inside. */
final class UnreadableDiskTest {
  private static final Path STORE = Path.of("shard-0000", "store");

  private final LocalDatabase database = new LocalDatabase(1, ConcurrencyMode.OPTIMISTIC);
  private final ReadingThreads threads = new ReadingThreads(Runnable::run, new HandTime());

  @AfterEach
  void close() {
    database.close();
  }

  private Throwable told(StorageException met) {
    var session =
        database
            .transactions
            .readKeys(LocalDatabase.DATABASE, new ReadMode.Strong(), List.of(LocalDatabase.key(1)))
            .join();
    return threads
        .read(
            session,
            Long.MAX_VALUE,
            _ -> {
              throw met;
            })
        .exceptionNow();
  }

  @Test
  void aFailedReadIsUnavailable() {
    var cause = new IOException("Input/output error");
    assertThat(told(StorageException.failed(STORE, "scan", cause)))
        .isInstanceOfSatisfying(
            DatastoreException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
              assertThat(failure).hasMessage("a node could not read its disk; please try again");
            });
  }

  /** The next try would meet the same. */
  @Test
  void aDamagedFileIsNot() {
    StorageException damaged = StorageException.corrupt(STORE, "scan", new IOException("checksum"));
    assertThat(told(damaged)).isSameAs(damaged);
  }
}
