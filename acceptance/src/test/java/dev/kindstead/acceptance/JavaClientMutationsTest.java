package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreException;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.FullEntity;
import com.google.cloud.datastore.IncompleteKey;
import com.google.cloud.datastore.Key;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("shared")
@ExtendWith(SharedServer.class)
class JavaClientMutationsTest {
  /** The largest id that a JavaScript number holds exactly. */
  private static final long ID_MAX = 1L << 53;

  private final String project = Projects.fresh();
  private final Datastore datastore;

  JavaClientMutationsTest(Endpoint server) {
    datastore = JavaClient.of(server, project);
  }

  private Key key(String name) {
    return datastore.newKeyFactory().setKind("Task").newKey(name);
  }

  private static Entity task(Key key, String text) {
    return Entity.newBuilder(key).set("text", text).build();
  }

  @Test
  void anInsertIsReadBackAndASecondOneIsRefused() {
    datastore.add(task(key("a"), "first"));

    assertThat(datastore.get(key("a")).getString("text")).isEqualTo("first");
    assertThatExceptionOfType(DatastoreException.class)
        .isThrownBy(() -> datastore.add(task(key("a"), "second")))
        .satisfies(e -> assertThat(e.getReason()).isEqualTo("ALREADY_EXISTS"));
    assertThat(datastore.get(key("a")).getString("text")).isEqualTo("first");
  }

  @Test
  void anUpdateNeedsAnEntity() {
    assertThatExceptionOfType(DatastoreException.class)
        .isThrownBy(() -> datastore.update(task(key("b"), "nobody")))
        .satisfies(e -> assertThat(e.getReason()).isEqualTo("NOT_FOUND"))
        .withMessageContaining("no entity to update");

    datastore.put(task(key("b"), "one"));
    datastore.update(task(key("b"), "two"));

    assertThat(datastore.get(key("b")).getString("text")).isEqualTo("two");
  }

  @Test
  void anUpsertReplacesAllProperties() {
    datastore.put(Entity.newBuilder(key("c")).set("old", 1).build());
    datastore.put(task(key("c"), "new"));

    assertThat(datastore.get(key("c")).getNames()).containsExactly("text");
  }

  @Test
  void aDeletedEntityIsGoneAndDeletingNothingIsFine() {
    datastore.put(task(key("d"), "short-lived"));
    datastore.delete(key("d"), key("never existed"));

    assertThat(datastore.get(key("d"))).isNull();
  }

  @Test
  void aLookupOfManyKeysLeavesOutTheMissing() {
    datastore.put(task(key("e1"), "1"), task(key("e2"), "2"));

    assertThat(datastore.fetch(key("e1"), key("no"), key("e2")))
        .extracting(each -> each == null ? "-" : each.getString("text"))
        .containsExactly("1", "-", "2");
  }

  @Test
  void idsAreGivenOnceAndFitAJavaScriptNumber() {
    IncompleteKey incomplete = datastore.newKeyFactory().setKind("Task").newKey();
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(
          datastore.put(FullEntity.newBuilder(incomplete).set("i", i).build()).getKey().getId());
    }
    for (Key key : datastore.allocateId(incomplete, incomplete, incomplete)) {
      ids.add(key.getId());
    }

    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id > 0 && id < ID_MAX);
  }

  @Test
  void aReservedIdIsNotGivenAgain() {
    Key reserved = datastore.newKeyFactory().setKind("Task").newKey(4711L);

    assertThat(datastore.reserveIds(reserved)).containsExactly(reserved);
  }

  @Test
  void manyMutationsInOneBatch() {
    var batch = datastore.newBatch();
    batch.add(task(key("f1"), "added"));
    batch.put(task(key("f2"), "put"));
    batch.delete(key("f3"));
    batch.submit();

    assertThat(datastore.get(key("f1")).getString("text")).isEqualTo("added");
    assertThat(datastore.get(key("f2")).getString("text")).isEqualTo("put");
  }
}
