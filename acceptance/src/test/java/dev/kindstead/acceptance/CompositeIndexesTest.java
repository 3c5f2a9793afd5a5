package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.datastore.admin.v1.CreateIndexRequest;
import com.google.datastore.admin.v1.DatastoreAdminGrpc;
import com.google.datastore.admin.v1.DatastoreAdminGrpc.DatastoreAdminBlockingStub;
import com.google.datastore.admin.v1.DeleteIndexRequest;
import com.google.datastore.admin.v1.GetIndexRequest;
import com.google.datastore.admin.v1.Index;
import com.google.datastore.admin.v1.Index.Direction;
import com.google.datastore.admin.v1.Index.IndexedProperty;
import com.google.datastore.admin.v1.ListIndexesRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.KindExpression;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.PropertyOrder;
import com.google.datastore.v1.PropertyReference;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.Value;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Composite indexes from the outside: the admin API, index.yaml, strict databases, a crash. */
class CompositeIndexesTest {
  private static final int ENTITIES = 6_000;
  private static final int BATCH = 400;
  private static final Duration READY_MAX = Duration.ofSeconds(60);

  private static DatastoreAdminBlockingStub admin(RawGrpc grpc) {
    return DatastoreAdminGrpc.newBlockingStub(grpc.channel());
  }

  private static CreateIndexRequest byAThenB(RawGrpc grpc) {
    return CreateIndexRequest.newBuilder()
        .setProjectId(grpc.project())
        .setIndex(
            Index.newBuilder()
                .setKind("Task")
                .setAncestor(Index.AncestorMode.NONE)
                .addProperties(
                    IndexedProperty.newBuilder().setName("a").setDirection(Direction.ASCENDING))
                .addProperties(
                    IndexedProperty.newBuilder().setName("b").setDirection(Direction.DESCENDING)))
        .build();
  }

  private static Query.Builder orderedByAThenB() {
    return Query.newBuilder()
        .addKind(KindExpression.newBuilder().setName("Task"))
        .addOrder(order("a", PropertyOrder.Direction.ASCENDING))
        .addOrder(order("b", PropertyOrder.Direction.DESCENDING));
  }

  private static PropertyOrder order(String property, PropertyOrder.Direction direction) {
    return PropertyOrder.newBuilder()
        .setProperty(PropertyReference.newBuilder().setName(property))
        .setDirection(direction)
        .build();
  }

  private static Mutation task(long id, Random random) {
    return Raw.upsert(
        Entity.newBuilder()
            .setKey(Raw.key("Task", "t" + id))
            .putProperties("a", Value.newBuilder().setIntegerValue(random.nextInt(50)).build())
            .putProperties("b", Value.newBuilder().setIntegerValue(random.nextInt(50)).build())
            .build());
  }

  private static void fill(RawGrpc grpc, Random random) {
    for (int first = 0; first < ENTITIES; first += BATCH) {
      Mutation[] batch = new Mutation[BATCH];
      for (int i = 0; i < BATCH; i++) {
        batch[i] = task(first + i, random);
      }
      grpc.commit(batch);
    }
  }

  private static Index onlyIndex(RawGrpc grpc) {
    List<Index> all =
        admin(grpc)
            .listIndexes(ListIndexesRequest.newBuilder().setProjectId(grpc.project()).build())
            .getIndexesList();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private static Index awaitReady(RawGrpc grpc) throws InterruptedException {
    long deadline = System.nanoTime() + READY_MAX.toNanos();
    Index index = onlyIndex(grpc);
    while (index.getState() == Index.State.CREATING && System.nanoTime() < deadline) {
      Thread.sleep(20);
      index = onlyIndex(grpc);
    }
    assertThat(index.getState()).isEqualTo(Index.State.READY);
    return index;
  }

  private static Status.Code codeOf(StatusRuntimeException failure) {
    return failure.getStatus().getCode();
  }

  private static ClientProgram.Result command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(KindsteadProcess.launcher().toString());
    command.addAll(List.of(arguments));
    return ClientProgram.run(command, Path.of("."), Duration.ofMinutes(1), Map.of());
  }

  private static void assertEntriesAgree(Endpoint server, RawGrpc grpc) {
    ClientProgram.Result check =
        command("index", "check", "--endpoint", server.hostAndPort(), "--project", grpc.project());
    assertThat(check.output()).contains(" 0 differences");
    assertThat(check.exitCode()).isZero();
  }

  @Test
  void strictDatabasesServeAQueryOnceItsIndexIsReady(@TempDir Path data) throws Exception {
    try (KindsteadProcess server = KindsteadProcess.durable(data, "--indexes", "strict");
        RawGrpc grpc = new RawGrpc(server, Projects.fresh())) {
      fill(grpc, new Random(1));
      assertThatThrownBy(() -> grpc.query(orderedByAThenB().build()))
          .hasMessageContaining(
              "no matching index found. recommended index is:\n- kind: Task\n  properties:\n"
                  + "  - name: a\n  - name: b\n    direction: desc\n")
          .satisfies(failure ->
              assertThat(codeOf((StatusRuntimeException) failure))
                  .isEqualTo(Status.Code.FAILED_PRECONDITION));
      var operation = admin(grpc).createIndex(byAThenB(grpc));
      assertThat(operation.getName()).startsWith("projects/" + grpc.project() + "/operations/");
      assertThatThrownBy(() -> admin(grpc).createIndex(byAThenB(grpc)))
          .satisfies(failure ->
              assertThat(codeOf((StatusRuntimeException) failure))
                  .isEqualTo(Status.Code.ALREADY_EXISTS));
      Index index = awaitReady(grpc);
      assertThat(
              admin(grpc)
                  .getIndex(
                      GetIndexRequest.newBuilder()
                          .setProjectId(grpc.project())
                          .setIndexId(index.getIndexId())
                          .build()))
          .isEqualTo(index);
      assertOrdered(grpc);
      assertEntriesAgree(server, grpc);
      admin(grpc)
          .deleteIndex(
              DeleteIndexRequest.newBuilder()
                  .setProjectId(grpc.project())
                  .setIndexId(index.getIndexId())
                  .build());
      assertThat(onlyIndex(grpc).getState()).isEqualTo(Index.State.DELETING);
      assertThatThrownBy(() -> grpc.query(orderedByAThenB().build()))
          .hasMessageContaining("no matching index found");
    }
  }

  private static void assertOrdered(RawGrpc grpc) {
    long a = -1;
    long b = -1;
    for (var result : grpc.query(orderedByAThenB().build()).getBatch().getEntityResultsList()) {
      long nextA = result.getEntity().getPropertiesOrThrow("a").getIntegerValue();
      long nextB = result.getEntity().getPropertiesOrThrow("b").getIntegerValue();
      assertThat(nextA > a || (nextA == a && nextB <= b)).isTrue();
      a = nextA;
      b = nextB;
    }
    assertThat(a).isNotNegative();
  }

  @Test
  void aBuildingGoesOnAfterSigkill(@TempDir Path data) throws Exception {
    String project = Projects.fresh();
    Random random = new Random(2);
    try (KindsteadProcess server = KindsteadProcess.durable(data);
        RawGrpc grpc = new RawGrpc(server, project)) {
      fill(grpc, random);
      admin(grpc).createIndex(byAThenB(grpc));
      for (int i = 0; i < 20; i++) {
        grpc.commit(task(random.nextInt(ENTITIES), random));
      }
      server.kill();
    }
    try (KindsteadProcess server = KindsteadProcess.durable(data);
        RawGrpc grpc = new RawGrpc(server, project)) {
      awaitReady(grpc);
      assertOrdered(grpc);
      assertEntriesAgree(server, grpc);
    }
  }

  @Test
  void entitiesExpire(@TempDir Path data) throws Exception {
    String project = Projects.fresh();
    try (KindsteadProcess server = KindsteadProcess.durable(data);
        RawGrpc grpc = new RawGrpc(server, project);
        HttpClient http = HttpClient.newHttpClient()) {
      Entity past = session("past", System.currentTimeMillis() / 1000 - 5);
      Entity future = session("future", System.currentTimeMillis() / 1000 + 3_600);
      grpc.commit(Raw.upsert(past), Raw.upsert(future));
      URI field =
          URI.create(
              ("http://%s/v1/projects/%s/databases/%%28default%%29"
                      + "/collectionGroups/Session/fields/until")
                  .formatted(server.hostAndPort(), project));
      var update =
          HttpRequest.newBuilder(URI.create(field + "?updateMask=ttlConfig"))
              .header("content-type", "application/json")
              .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"ttlConfig\": {}}"))
              .build();
      assertThat(http.send(update, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      long deadline = System.nanoTime() + READY_MAX.toNanos();
      while (grpc.lookup(past.getKey()).getFoundCount() == 1 && System.nanoTime() < deadline) {
        Thread.sleep(200);
      }
      assertThat(grpc.lookup(past.getKey()).getFoundCount()).isZero();
      assertThat(grpc.lookup(future.getKey()).getFoundCount()).isEqualTo(1);
      var shown = http.send(HttpRequest.newBuilder(field).build(), BodyHandlers.ofString());
      assertThat(shown.body()).contains("ACTIVE");
    }
  }

  private static Entity session(String name, long untilSeconds) {
    return Entity.newBuilder()
        .setKey(Raw.key("Session", name))
        .putProperties(
            "until",
            Value.newBuilder()
                .setTimestampValue(Timestamp.newBuilder().setSeconds(untilSeconds))
                .setExcludeFromIndexes(true)
                .build())
        .build();
  }

  @Test
  void indexYamlIsAppliedAndGenerated(@TempDir Path directory) throws Exception {
    Path generated = directory.resolve("index.yaml");
    String project = Projects.fresh();
    try (KindsteadProcess server =
            KindsteadProcess.durable(
                directory.resolve("data"), "--index-file", generated.toString());
        RawGrpc grpc = new RawGrpc(server, project)) {
      fill(grpc, new Random(3));
      assertOrdered(grpc);
      for (int i = 0; i < 100 && !Files.exists(generated); i++) {
        Thread.sleep(20);
      }
      ClientProgram.Result applied =
          command(
              "index",
              "apply",
              generated.toString(),
              "--wait",
              "--endpoint",
              server.hostAndPort(),
              "--project",
              project);
      assertThat(applied.output()).contains("1 indexes created").contains("All indexes are ready.");
      assertThat(onlyIndex(grpc).getPropertiesList())
          .isEqualTo(byAThenB(grpc).getIndex().getPropertiesList());
      assertOrdered(grpc);
      assertEntriesAgree(server, grpc);
    }
  }
}
