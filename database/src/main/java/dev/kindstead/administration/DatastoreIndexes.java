package dev.kindstead.administration;

import com.google.datastore.admin.v1.CreateIndexRequest;
import com.google.datastore.admin.v1.DeleteIndexRequest;
import com.google.datastore.admin.v1.GetIndexRequest;
import com.google.datastore.admin.v1.Index;
import com.google.datastore.admin.v1.ListIndexesRequest;
import com.google.datastore.admin.v1.ListIndexesResponse;
import com.google.longrunning.Operation;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.service.IndexAdministration;
import dev.kindstead.service.IndexAdministration.Described;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The index methods of DatastoreAdmin, which knows default databases only. */
final class DatastoreIndexes {
  private final IndexAdministration indexes;
  private final IndexOperations operations;

  DatastoreIndexes(IndexAdministration indexes, IndexOperations operations) {
    this.indexes = indexes;
    this.operations = operations;
  }

  CompletableFuture<Operation> create(CreateIndexRequest request) {
    Index index = request.getIndex();
    List<IndexedProperty> properties =
        index.getPropertiesList().stream()
            .map(each ->
                new IndexedProperty(
                    each.getName(), each.getDirection() == Index.Direction.DESCENDING))
            .toList();
    return indexes
        .create(
            database(request.getProjectId()),
            index.getKind(),
            index.getAncestor() == Index.AncestorMode.ALL_ANCESTORS,
            properties)
        .thenApply(operations::creation);
  }

  CompletableFuture<Operation> delete(DeleteIndexRequest request) {
    return indexes
        .delete(database(request.getProjectId()), ResourceNames.index(request.getIndexId()))
        .thenApply(operations::deletion);
  }

  Index get(GetIndexRequest request) {
    return message(
        indexes.get(database(request.getProjectId()), ResourceNames.index(request.getIndexId())));
  }

  ListIndexesResponse list(ListIndexesRequest request) {
    IndexPage page =
        IndexPage.of(
            indexes.list(database(request.getProjectId())),
            request.getFilter(),
            request.getPageSize(),
            request.getPageToken());
    return ListIndexesResponse.newBuilder()
        .addAllIndexes(page.indexes().stream().map(DatastoreIndexes::message).toList())
        .setNextPageToken(page.nextToken())
        .build();
  }

  private static DatabaseId database(String project) {
    return ResourceNames.database(project, ResourceNames.DEFAULT_DATABASE);
  }

  static Index message(Described described) {
    IndexDefinition definition = described.index().definition();
    var message =
        Index.newBuilder()
            .setProjectId(definition.database().project())
            .setIndexId(IndexDefinition.idText(definition.id()))
            .setKind(definition.kind())
            .setAncestor(
                definition.ancestor() ? Index.AncestorMode.ALL_ANCESTORS : Index.AncestorMode.NONE)
            .setState(state(described.index().state()));
    for (IndexedProperty property : definition.properties()) {
      message.addProperties(
          Index.IndexedProperty.newBuilder()
              .setName(property.name())
              .setDirection(
                  property.descending() ? Index.Direction.DESCENDING : Index.Direction.ASCENDING));
    }
    return message.build();
  }

  private static Index.State state(IndexState state) {
    return switch (state) {
      case CREATING -> Index.State.CREATING;
      case READY -> Index.State.READY;
      case DELETING -> Index.State.DELETING;
      case ERROR -> Index.State.ERROR;
    };
  }
}
