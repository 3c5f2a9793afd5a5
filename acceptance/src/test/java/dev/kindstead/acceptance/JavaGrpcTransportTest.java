package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.cloud.NoCredentials;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreOptions;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.v1.DatastoreClient;
import com.google.cloud.datastore.v1.DatastoreSettings;
import com.google.cloud.grpc.GrpcTransportOptions;
import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.FindNearest;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.Value;
import com.google.protobuf.Int32Value;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Google's clients for Java over gRPC. */
@Tag("shared")
@ExtendWith(SharedServer.class)
class JavaGrpcTransportTest {
  private final String project = Projects.fresh();

  /** Client 2.x may insist on Google's own host over gRPC. */
  @Test
  void theDatastoreClient(Endpoint server) throws Exception {
    DatastoreOptions options =
        DatastoreOptions.newBuilder()
            .setProjectId(project)
            .setHost(server.hostAndPort())
            .setCredentials(NoCredentials.getInstance())
            .setTransportOptions(GrpcTransportOptions.newBuilder().build())
            .setChannelProvider(
                InstantiatingGrpcChannelProvider.newBuilder()
                    .setEndpoint(server.hostAndPort())
                    .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                    .build())
            .build();
    try (Datastore datastore = options.getService()) {
      Key key = datastore.newKeyFactory().setKind("Task").newKey("g");
      putOrSkip(datastore, Entity.newBuilder(key).set("text", "over gRPC").build());

      assertThat(datastore.get(key).getString("text")).isEqualTo("over gRPC");
    }
  }

  private static void putOrSkip(Datastore datastore, Entity entity) {
    try {
      datastore.put(entity);
    } catch (RuntimeException e) {
      if (String.valueOf(e.getMessage()).contains("googleapis.com")) {
        System.out.println("SKIPPED: Java client over gRPC: it insists on Google's host: " + e);
        Assumptions.abort("client 2.x insists on Google's host over gRPC");
      }
      throw e;
    }
  }

  @Test
  void theGeneratedClient(Endpoint server) throws Exception {
    try (DatastoreClient client = generated(server)) {
      assertThat(
              client
                  .lookup(
                      LookupRequest.newBuilder()
                          .setProjectId(project)
                          .addKeys(Raw.key("Task", "nobody"))
                          .build())
                  .getMissingCount())
          .isEqualTo(1);
    }
  }

  /** Only the generated clients know of find_nearest. */
  @Test
  void theNearestVectors(Endpoint server) throws Exception {
    try (DatastoreClient client = generated(server)) {
      var commit =
          CommitRequest.newBuilder()
              .setProjectId(project)
              .setMode(CommitRequest.Mode.NON_TRANSACTIONAL);
      for (int i = 0; i < 10; i++) {
        commit
            .addMutationsBuilder()
            .getUpsertBuilder()
            .setKey(Raw.key("Document", "d" + i))
            .putProperties("place", vector(i, 1));
      }
      client.commit(commit.build());
      var query = Query.newBuilder();
      query.addKindBuilder().setName("Document");
      query
          .getFindNearestBuilder()
          .setQueryVector(vector(6.9, 1))
          .setDistanceMeasure(FindNearest.DistanceMeasure.EUCLIDEAN)
          .setDistanceResultProperty("distance")
          .setLimit(Int32Value.of(2))
          .getVectorPropertyBuilder()
          .setName("place");
      var found =
          client
              .runQuery(RunQueryRequest.newBuilder().setProjectId(project).setQuery(query).build())
              .getBatch()
              .getEntityResultsList();
      assertThat(found)
          .extracting(each -> each.getEntity().getKey().getPath(0).getName())
          .containsExactly("d7", "d6");
      assertThat(found.getFirst().getEntity().getPropertiesOrThrow("distance").getDoubleValue())
          .isCloseTo(0.1, within(1e-9));
    }
  }

  private static Value vector(double... values) {
    var array = ArrayValue.newBuilder();
    for (double each : values) {
      array.addValuesBuilder().setDoubleValue(each);
    }
    return Value.newBuilder()
        .setArrayValue(array)
        .setMeaning(31)
        .setExcludeFromIndexes(true)
        .build();
  }

  private static DatastoreClient generated(Endpoint server) throws IOException {
    return DatastoreClient.create(
        DatastoreSettings.newBuilder()
            .setCredentialsProvider(NoCredentialsProvider.create())
            .setTransportChannelProvider(
                InstantiatingGrpcChannelProvider.newBuilder()
                    .setEndpoint(server.hostAndPort())
                    .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                    .build())
            .build());
  }
}
