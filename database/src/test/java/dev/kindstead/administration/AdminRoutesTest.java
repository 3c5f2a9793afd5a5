package dev.kindstead.administration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.datastore.admin.v1.DeleteIndexRequest;
import com.google.datastore.admin.v1.ListIndexesRequest;
import com.google.firestore.admin.v1.CreateIndexRequest;
import com.google.firestore.admin.v1.UpdateDatabaseRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.protobuf.Message;
import org.junit.jupiter.api.Test;

/** Each path finds its method, and its elements their fields. */
final class AdminRoutesTest {
  private static AdminRoutes.Match match(String verb, String path) {
    return requireNonNull(AdminRoutes.match(verb, path));
  }

  private static Message request(String verb, String path) {
    return match(verb, path).request().build();
  }

  @Test
  void elementsFindTheirFields() {
    assertThat(request("DELETE", "projects/example.com:p/indexes/i"))
        .isEqualTo(
            DeleteIndexRequest.newBuilder().setProjectId("example.com:p").setIndexId("i").build());
    assertThat(request("GET", "projects/p/operations/create-1"))
        .isEqualTo(
            GetOperationRequest.newBuilder().setName("projects/p/operations/create-1").build());
    assertThat(request("GET", "projects/p/databases/d/operations"))
        .isEqualTo(ListOperationsRequest.newBuilder().setName("projects/p/databases/d").build());
    assertThat(request("POST", "projects/p/databases/(default)/collectionGroups/K/indexes"))
        .isEqualTo(
            CreateIndexRequest.newBuilder()
                .setParent("projects/p/databases/(default)/collectionGroups/K")
                .setIndex(com.google.firestore.admin.v1.Index.getDefaultInstance())
                .build());
  }

  @Test
  void queryStringsFillFields() {
    AdminRoutes.Match list = match("GET", "projects/p/indexes");
    list.set("pageSize", "7");
    list.set("pageToken", "x");
    list.set("unknown", "y");
    assertThat(list.request().build())
        .isEqualTo(
            ListIndexesRequest.newBuilder()
                .setProjectId("p")
                .setPageSize(7)
                .setPageToken("x")
                .build());
    assertThatThrownBy(() -> list.set("pageSize", "many")).hasMessageContaining("pageSize");
    AdminRoutes.Match update = match("PATCH", "projects/p/databases/d");
    update.set("updateMask", "concurrencyMode");
    var message = (UpdateDatabaseRequest) update.request().build();
    assertThat(message.getUpdateMask().getPathsList()).containsExactly("concurrencyMode");
    assertThat(message.getDatabase().getName()).isEqualTo("projects/p/databases/d");
  }

  @Test
  void otherPathsAreNobodys() {
    assertThat(AdminRoutes.match("PUT", "projects/p/indexes")).isNull();
    assertThat(AdminRoutes.match("GET", "projects//indexes")).isNull();
    assertThat(AdminRoutes.match("GET", "projects/p/indexes/i:verb")).isNull();
    assertThat(AdminRoutes.match("POST", "projects/p/databases/d:unknown")).isNull();
    assertThat(AdminRoutes.match("POST", "projects/p/databases/d:checkIndexes")).isNotNull();
  }
}
