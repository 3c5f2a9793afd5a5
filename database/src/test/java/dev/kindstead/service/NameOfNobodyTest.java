package dev.kindstead.administration;

import static dev.kindstead.administration.AdminMethod.CREATE_INDEX;
import static dev.kindstead.administration.AdminMethod.UPDATE_DATABASE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.admin.v1.CreateIndexRequest;
import com.google.datastore.admin.v1.Index;
import com.google.firestore.admin.v1.Database;
import com.google.firestore.admin.v1.UpdateDatabaseRequest;
import com.google.protobuf.Message;
import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.SystemTimers;
import dev.kindstead.jobs.IndexJobs;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.replication.LocalLog;
import dev.kindstead.service.IndexAdministration;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.transaction.OtherNodes;
import dev.kindstead.transaction.ShardWiring;
import dev.kindstead.transaction.TransactionSettings;
import dev.kindstead.transaction.Transactions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no data call could name must not fill the system group's log, where it stays for good. */
final class NameOfNobodyTest {
  private static final int NAME_BYTES_MAX = 1_500;
  private static final int DATABASES_MAX = 1_000;

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final SystemTimers timers = new SystemTimers();
  private final Transactions transactions =
      new Transactions(
          new ShardMap(1),
          List.of(group()),
          group(),
          new SystemClock(),
          timers,
          thread,
          new Random(1),
          OtherNodes.NONE,
          TransactionSettings.defaults(Bytes.of(new byte[] {1, 2, 3})));
  private final Administration administration =
      new Administration(
          new IndexAdministration(
              transactions.indexes(),
              new IndexJobs(transactions, new SystemClock(), timers, thread, IndexJobs.LINGER)),
          transactions);

  NameOfNobodyTest() {
    transactions.start().join();
  }

  private ShardWiring group() {
    return new ShardWiring(new LocalLog(thread), new VersionedStore(new MemoryStore()), thread);
  }

  @AfterEach
  void end() {
    timers.close();
    thread.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"projects/p/databases/a b", "projects/p q/databases/d", "TOO LONG"})
  void noDatabaseHasSuchAName(String name) {
    String path = name.equals("TOO LONG") ? "projects/p/databases/" + "d".repeat(101) : name;
    assertThat(codeOf(UPDATE_DATABASE, settings(path))).isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void kindsAndPropertiesAreNoLongerThanThoseOfEntities() {
    String longest = "n".repeat(NAME_BYTES_MAX);
    assertThat(codeOf(CREATE_INDEX, index("k" + longest, "a"))).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(codeOf(CREATE_INDEX, index("k", "a" + longest))).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(codeOf(CREATE_INDEX, index(longest, longest))).isNull();
  }

  @Test
  void notAnyNumberOfDatabasesHasSettings() {
    for (int i = 0; i < DATABASES_MAX; i++) {
      assertThat(codeOf(UPDATE_DATABASE, settings("projects/p/databases/d" + i))).isNull();
    }
    assertThat(codeOf(UPDATE_DATABASE, settings("projects/p/databases/more")))
        .isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(codeOf(UPDATE_DATABASE, settings("projects/p/databases/d7"))).isNull();
  }

  private static UpdateDatabaseRequest settings(String database) {
    return UpdateDatabaseRequest.newBuilder()
        .setDatabase(
            Database.newBuilder()
                .setName(database)
                .setConcurrencyMode(Database.ConcurrencyMode.OPTIMISTIC))
        .build();
  }

  private static CreateIndexRequest index(String kind, String property) {
    return CreateIndexRequest.newBuilder()
        .setProjectId("p")
        .setIndex(
            Index.newBuilder()
                .setKind(kind)
                .addProperties(property(property))
                .addProperties(property("b")))
        .build();
  }

  private static Index.IndexedProperty property(String name) {
    return Index.IndexedProperty.newBuilder()
        .setName(name)
        .setDirection(Index.Direction.ASCENDING)
        .build();
  }

  /** Null when it is done. */
  private @Nullable Code codeOf(AdminMethod method, Message request) {
    try {
      administration.handle(method, request, () -> false).join();
      return null;
    } catch (DatastoreException refused) {
      return refused.code();
    } catch (CompletionException failed) {
      return failed.getCause() instanceof DatastoreException refused
          ? refused.code()
          : Code.INTERNAL;
    }
  }
}
