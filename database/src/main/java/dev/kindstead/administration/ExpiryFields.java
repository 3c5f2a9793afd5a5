package dev.kindstead.administration;

import com.google.firestore.admin.v1.Field;
import com.google.firestore.admin.v1.Field.TtlConfig;
import com.google.firestore.admin.v1.FieldOperationMetadata;
import com.google.firestore.admin.v1.GetFieldRequest;
import com.google.firestore.admin.v1.ListFieldsRequest;
import com.google.firestore.admin.v1.ListFieldsResponse;
import com.google.firestore.admin.v1.OperationState;
import com.google.firestore.admin.v1.UpdateFieldRequest;
import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.protobuf.util.Timestamps;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.service.IndexAdministration;
import dev.kindstead.service.IndexAdministration.Described;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The field methods of FirestoreAdmin, as far as they are about the expiry of entities (TTL): what
 * {@code gcloud firestore fields ttls} calls.
 */
final class ExpiryFields {
  private static final String GROUP = "projects/*/databases/*/collectionGroups/*";
  private static final String FIELD = GROUP + "/fields/*";
  private static final String ANY_KIND = "-";

  private final IndexAdministration indexes;

  ExpiryFields(IndexAdministration indexes) {
    this.indexes = indexes;
  }

  /** Sets or ends the expiry of a kind by a property. */
  CompletableFuture<Operation> update(UpdateFieldRequest request) {
    String[] name = ResourceNames.split(request.getField().getName(), FIELD);
    for (String each : request.getUpdateMask().getPathsList()) {
      if (!each.equals("ttl_config") && !each.equals("ttlConfig")) {
        throw DatastoreException.unimplemented("updating a field's " + each);
      }
    }
    if (request.getField().hasIndexConfig()) {
      throw DatastoreException.unimplemented("field.index_config");
    }
    DatabaseId database = ResourceNames.database(name[1], name[3]);
    if (request.getField().hasTtlConfig()) {
      return indexes
          .createExpiry(database, name[5], name[7])
          .thenApply(made -> operation(made, IndexOperations.CREATE));
    }
    Described expiry = find(database, name[5], name[7]);
    if (expiry == null) {
      throw notFound(request.getField().getName());
    }
    return indexes
        .delete(database, expiry.index().id())
        .thenApply(deleting -> operation(deleting, IndexOperations.DELETE));
  }

  private @Nullable Described find(DatabaseId database, String kind, String property) {
    return indexes.listExpiry(database).stream()
        .filter(each -> each.index().state() != IndexState.DELETING)
        .filter(each -> each.index().definition().kind().equals(kind))
        .filter(each -> propertyOf(each).equals(property))
        .findAny()
        .orElse(null);
  }

  private static String propertyOf(Described expiry) {
    return expiry.index().definition().properties().getFirst().name();
  }

  private static DatastoreException notFound(String name) {
    return new DatastoreException(Code.NOT_FOUND, "no expiry (TTL) at " + name);
  }

  Field get(GetFieldRequest request) {
    String[] name = ResourceNames.split(request.getName(), FIELD);
    Described expiry = find(ResourceNames.database(name[1], name[3]), name[5], name[7]);
    if (expiry == null) {
      throw notFound(request.getName());
    }
    return message(expiry);
  }

  /** Whatever the filter, those with a configuration of expiry: others have nothing to show. */
  ListFieldsResponse list(ListFieldsRequest request) {
    String[] parent = ResourceNames.split(request.getParent(), GROUP);
    var response = ListFieldsResponse.newBuilder();
    for (Described each : indexes.listExpiry(ResourceNames.database(parent[1], parent[3]))) {
      boolean asked =
          parent[5].equals(ANY_KIND) || parent[5].equals(each.index().definition().kind());
      if (asked && each.index().state() != IndexState.DELETING) {
        response.addFields(message(each));
      }
    }
    return response.build();
  }

  private static String nameOf(IndexDefinition definition) {
    return ResourceNames.of(definition.database())
        + "/collectionGroups/"
        + definition.kind()
        + "/fields/"
        + definition.properties().getFirst().name();
  }

  private static Field message(Described expiry) {
    return Field.newBuilder()
        .setName(nameOf(expiry.index().definition()))
        .setTtlConfig(
            TtlConfig.newBuilder()
                .setState(
                    switch (expiry.index().state()) {
                      case CREATING -> TtlConfig.State.CREATING;
                      case READY -> TtlConfig.State.ACTIVE;
                      case DELETING, ERROR -> TtlConfig.State.NEEDS_REPAIR;
                    }))
        .build();
  }

  /** The operation that begins or ends an expiry. */
  static Operation operation(Described expiry, String verb) {
    IndexState state = expiry.index().state();
    boolean creates = verb.equals(IndexOperations.CREATE);
    boolean isDone = creates && state != IndexState.CREATING;
    var metadata =
        FieldOperationMetadata.newBuilder()
            .setStartTime(
                Timestamps.fromMicros(
                    creates ? expiry.index().createTime() : expiry.index().changeTime()))
            .setField(nameOf(expiry.index().definition()))
            .setState(isDone ? OperationState.SUCCESSFUL : OperationState.PROCESSING);
    var operation =
        Operation.newBuilder()
            .setName(
                ResourceNames.of(expiry.index().definition().database())
                    + "/operations/"
                    + verb
                    + IndexDefinition.idText(expiry.index().id()))
            .setMetadata(Any.pack(metadata.build()))
            .setDone(isDone);
    return isDone ? operation.setResponse(Any.pack(message(expiry))).build() : operation.build();
  }
}
