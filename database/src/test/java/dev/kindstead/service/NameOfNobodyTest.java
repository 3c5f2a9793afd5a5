package dev.kindstead.service;

import static dev.kindstead.administration.AdminMethod.CREATE_INDEX;
import static dev.kindstead.administration.AdminMethod.UPDATE_DATABASE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.admin.v1.CreateIndexRequest;
import com.google.datastore.admin.v1.Index;
import com.google.firestore.admin.v1.Database;
import com.google.firestore.admin.v1.UpdateDatabaseRequest;
import com.google.protobuf.Message;
import dev.kindstead.administration.AdminMethod;
import dev.kindstead.administration.Administration;
import dev.kindstead.jobs.IndexJobs;
import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatastoreException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no data call could name must not fill the system group's log, where it stays for good. */
final class NameOfNobodyTest {
  private static final int NAME_BYTES_MAX = 1_500;
  private static final int DATABASES_MAX = 1_000;

  private final LocalDatabase database = new LocalDatabase(1, ConcurrencyMode.PESSIMISTIC);
  private final IndexedDatabase indexed = new IndexedDatabase(database, IndexJobs.LINGER, false);
  private final Administration administration =
      new Administration(indexed.administration, database.transactions);

  @AfterEach
  void close() {
    indexed.close();
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
