package dev.kindstead.administration;

import com.google.firestore.admin.v1.CreateIndexRequest;
import com.google.firestore.admin.v1.DeleteIndexRequest;
import com.google.firestore.admin.v1.GetIndexRequest;
import com.google.firestore.admin.v1.Index;
import com.google.firestore.admin.v1.Index.IndexField;
import com.google.firestore.admin.v1.IndexOperationMetadata;
import com.google.firestore.admin.v1.ListIndexesRequest;
import com.google.firestore.admin.v1.ListIndexesResponse;
import com.google.firestore.admin.v1.OperationState;
import com.google.firestore.admin.v1.Progress;
import com.google.longrunning.Operation;
import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.service.IndexAdministration;
import dev.kindstead.service.IndexAdministration.Described;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The index methods of FirestoreAdmin for databases in Datastore mode: what gcloud calls when it is
 * told to create the indexes of an index.yaml.
 */
final class FirestoreIndexes {
  private static final String GROUP = "projects/*/databases/*/collectionGroups/*";
  private static final String INDEX = GROUP + "/indexes/*";

  /** In place of a kind: all of them. */
  private static final String ANY_KIND = "-";

  /** What the Firestore API calls the key. */
  private static final String NAME = "__name__";

  private final IndexAdministration indexes;
  private final IndexOperations operations;

  FirestoreIndexes(IndexAdministration indexes, IndexOperations operations) {
    this.indexes = indexes;
    this.operations = operations;
  }

  CompletableFuture<Operation> create(CreateIndexRequest request) {
    String[] parent = ResourceNames.split(request.getParent(), GROUP);
    Index index = request.getIndex();
    if (index.getApiScope() != Index.ApiScope.DATASTORE_MODE_API) {
      throw DatastoreException.invalidArgument(
          "The database is in Datastore mode: index.api_scope must be DATASTORE_MODE_API.");
    }
    boolean ancestor =
        switch (index.getQueryScope()) {
          case COLLECTION_GROUP -> false;
          case COLLECTION_RECURSIVE -> true;
          default ->
              throw DatastoreException.invalidArgument(
                  "index.query_scope must be COLLECTION_GROUP or, with ancestors,"
                      + " COLLECTION_RECURSIVE.");
        };
    List<IndexedProperty> properties = new ArrayList<>();
    for (IndexField field : index.getFieldsList()) {
      properties.add(property(field));
    }
    dropPlainKey(properties);
    return indexes
        .create(ResourceNames.database(parent[1], parent[3]), parent[5], ancestor, properties)
        .thenApply(operations::firestoreCreation);
  }

  private static IndexedProperty property(IndexField field) {
    if (field.hasVectorConfig()) {
      throw DatastoreException.unimplemented("index.fields.vector_config");
    }
    if (field.hasArrayConfig()) {
      throw DatastoreException.unimplemented("index.fields.array_config");
    }
    String name = field.getFieldPath().equals(NAME) ? IndexDefinition.KEY : field.getFieldPath();
    return new IndexedProperty(name, field.getOrder() == IndexField.Order.DESCENDING);
  }

  /** A key at the end in the direction of the property before it is what every index has. */
  private static void dropPlainKey(List<IndexedProperty> properties) {
    int size = properties.size();
    if (size > 1
        && properties.getLast().name().equals(IndexDefinition.KEY)
        && properties.getLast().descending() == properties.get(size - 2).descending()) {
      properties.removeLast();
    }
  }

  CompletableFuture<Empty> delete(DeleteIndexRequest request) {
    String[] name = ResourceNames.split(request.getName(), INDEX);
    return indexes
        .delete(ResourceNames.database(name[1], name[3]), ResourceNames.index(name[7]))
        .thenApply(_ -> Empty.getDefaultInstance());
  }

  Index get(GetIndexRequest request) {
    String[] name = ResourceNames.split(request.getName(), INDEX);
    return message(
        indexes.get(ResourceNames.database(name[1], name[3]), ResourceNames.index(name[7])));
  }

  ListIndexesResponse list(ListIndexesRequest request) {
    String[] parent = ResourceNames.split(request.getParent(), GROUP);
    String kind = parent[5];
    List<Described> ofKind =
        indexes.list(ResourceNames.database(parent[1], parent[3])).stream()
            .filter(each -> kind.equals(ANY_KIND) || kind.equals(each.index().definition().kind()))
            .toList();
    IndexPage page =
        IndexPage.of(ofKind, request.getFilter(), request.getPageSize(), request.getPageToken());
    return ListIndexesResponse.newBuilder()
        .addAllIndexes(page.indexes().stream().map(FirestoreIndexes::message).toList())
        .setNextPageToken(page.nextToken())
        .build();
  }

  private static String nameOf(IndexDefinition definition) {
    return ResourceNames.of(definition.database())
        + "/collectionGroups/"
        + definition.kind()
        + "/indexes/"
        + IndexDefinition.idText(definition.id());
  }

  static Index message(Described described) {
    IndexDefinition definition = described.index().definition();
    var message =
        Index.newBuilder()
            .setName(nameOf(definition))
            .setQueryScope(
                definition.ancestor()
                    ? Index.QueryScope.COLLECTION_RECURSIVE
                    : Index.QueryScope.COLLECTION_GROUP)
            .setApiScope(Index.ApiScope.DATASTORE_MODE_API)
            .setState(state(described.index().state()));
    for (IndexedProperty property : definition.values()) {
      message.addFields(field(property.name(), property.descending()));
    }
    return message.addFields(field(NAME, definition.isKeyDescending())).build();
  }

  private static IndexField field(String path, boolean descending) {
    return IndexField.newBuilder()
        .setFieldPath(path)
        .setOrder(descending ? IndexField.Order.DESCENDING : IndexField.Order.ASCENDING)
        .build();
  }

  /**
   * This API has no state for an index in deletion; what it has for unusable ones comes closest.
   */
  private static Index.State state(IndexState state) {
    return switch (state) {
      case CREATING -> Index.State.CREATING;
      case READY -> Index.State.READY;
      case DELETING, ERROR -> Index.State.NEEDS_REPAIR;
    };
  }

  static IndexOperationMetadata metadata(Described described) {
    var metadata =
        IndexOperationMetadata.newBuilder()
            .setStartTime(Timestamps.fromMicros(described.index().createTime()))
            .setIndex(nameOf(described.index().definition()))
            .setState(
                switch (described.index().state()) {
                  case CREATING -> OperationState.PROCESSING;
                  case READY, DELETING -> OperationState.SUCCESSFUL;
                  case ERROR -> OperationState.FAILED;
                })
            .setProgressDocuments(
                Progress.newBuilder()
                    .setCompletedWork(described.progress().done())
                    .setEstimatedWork(described.progress().total()));
    Timestamp end = IndexOperations.endOf(described);
    if (end != null) {
      metadata.setEndTime(end);
    }
    return metadata.build();
  }
}
