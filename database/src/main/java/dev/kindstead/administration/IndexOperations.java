package dev.kindstead.administration;

import com.google.datastore.admin.v1.CommonMetadata;
import com.google.datastore.admin.v1.OperationType;
import com.google.datastore.admin.v1.Progress;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.ListOperationsResponse;
import com.google.longrunning.Operation;
import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.Status;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.Purpose;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.service.IndexAdministration;
import dev.kindstead.service.IndexAdministration.Described;
import org.jspecify.annotations.Nullable;

/**
 * The creation or deletion of an index as a long-running operation. Its name tells which index and
 * which of the two: {@code projects/p/operations/create-<index>}, or the same below a database for
 * whoever came through the Firestore API.
 */
final class IndexOperations {
  static final String CREATE = "create-";
  static final String DELETE = "delete-";
  private static final String OF_PROJECT = "projects/*/operations/*";
  private static final String OF_DATABASE = "projects/*/databases/*/operations/*";

  private final IndexAdministration indexes;

  IndexOperations(IndexAdministration indexes) {
    this.indexes = indexes;
  }

  /** The creation of an index as DatastoreAdmin shows it. */
  Operation creation(Described index) {
    return operation(index, CREATE, false);
  }

  Operation deletion(Described index) {
    return operation(index, DELETE, false);
  }

  /** The same as FirestoreAdmin shows it. */
  Operation firestoreCreation(Described index) {
    return operation(index, CREATE, true);
  }

  /** NOT_FOUND when the index is gone for longer than this process can remember. */
  Operation get(String name) {
    boolean ofDatabase = name.contains("/databases/");
    String[] parts = ResourceNames.split(name, ofDatabase ? OF_DATABASE : OF_PROJECT);
    DatabaseId database =
        ResourceNames.database(parts[1], ofDatabase ? parts[3] : ResourceNames.DEFAULT_DATABASE);
    String id = parts[parts.length - 1];
    String verb = id.startsWith(CREATE) ? CREATE : id.startsWith(DELETE) ? DELETE : null;
    if (verb == null) {
      throw notFound(name);
    }
    long index = ResourceNames.index(id.substring(verb.length()));
    if (verb.equals(DELETE) && indexes.isGone(index)) {
      return Operation.newBuilder()
          .setName(name)
          .setDone(true)
          .setResponse(Any.pack(Empty.getDefaultInstance()))
          .build();
    }
    Described described = indexes.get(database, index);
    if (verb.equals(DELETE) && described.index().state() != IndexState.DELETING) {
      throw notFound(name);
    }
    return described.index().definition().purpose() == Purpose.EXPIRY
        ? ExpiryFields.operation(described, verb)
        : operation(described, verb, ofDatabase);
  }

  private static DatastoreException notFound(String name) {
    return new DatastoreException(Code.NOT_FOUND, "operation not found: " + name);
  }

  /** Those under way, and the creations of all indexes that are there. */
  ListOperationsResponse list(ListOperationsRequest request) {
    if (!request.getFilter().isEmpty()) {
      throw DatastoreException.unimplemented("a filter on operations");
    }
    String name = request.getName();
    boolean ofDatabase = name.contains("/databases/");
    String[] parts =
        ResourceNames.split(name, ofDatabase ? "projects/*/databases/*" : "projects/*");
    DatabaseId database =
        ResourceNames.database(parts[1], ofDatabase ? parts[3] : ResourceNames.DEFAULT_DATABASE);
    var response = ListOperationsResponse.newBuilder();
    for (Described each : indexes.list(database)) {
      response.addOperations(
          operation(
              each, each.index().state() == IndexState.DELETING ? DELETE : CREATE, ofDatabase));
    }
    return response.build();
  }

  private static Operation operation(Described index, String verb, boolean ofDatabase) {
    DatabaseId database = index.index().definition().database();
    String parent = ofDatabase ? ResourceNames.of(database) : "projects/" + database.project();
    var operation =
        Operation.newBuilder()
            .setName(parent + "/operations/" + verb + IndexDefinition.idText(index.index().id()))
            .setMetadata(
                ofDatabase
                    ? Any.pack(FirestoreIndexes.metadata(index))
                    : Any.pack(metadata(index, verb)));
    IndexState state = index.index().state();
    if (verb.equals(DELETE) || state == IndexState.CREATING) {
      return operation.build();
    }
    operation.setDone(true);
    if (state == IndexState.ERROR) {
      operation.setError(
          Status.newBuilder()
              .setCode(Code.FAILED_PRECONDITION.number())
              .setMessage("An entity would have too many entries in the index.")
              .build());
    } else {
      operation.setResponse(
          ofDatabase
              ? Any.pack(FirestoreIndexes.message(index))
              : Any.pack(DatastoreIndexes.message(index)));
    }
    return operation.build();
  }

  private static com.google.datastore.admin.v1.IndexOperationMetadata metadata(
      Described index, String verb) {
    boolean creates = verb.equals(CREATE);
    IndexState state = index.index().state();
    var common =
        CommonMetadata.newBuilder()
            .setStartTime(
                Timestamps.fromMicros(
                    creates ? index.index().createTime() : index.index().changeTime()))
            .setOperationType(creates ? OperationType.CREATE_INDEX : OperationType.DELETE_INDEX)
            .setState(
                !creates || state == IndexState.CREATING
                    ? CommonMetadata.State.PROCESSING
                    : state == IndexState.ERROR
                        ? CommonMetadata.State.FAILED
                        : CommonMetadata.State.SUCCESSFUL);
    Timestamp end = creates ? endOf(index) : null;
    if (end != null) {
      common.setEndTime(end);
    }
    return com.google.datastore.admin.v1.IndexOperationMetadata.newBuilder()
        .setCommon(common)
        .setProgressEntities(
            Progress.newBuilder()
                .setWorkCompleted(index.progress().done())
                .setWorkEstimated(index.progress().total()))
        .setIndexId(IndexDefinition.idText(index.index().id()))
        .build();
  }

  /** When the index came to be ready, or in error; null while it is not. */
  static @Nullable Timestamp endOf(Described index) {
    IndexState state = index.index().state();
    return state == IndexState.READY || state == IndexState.ERROR
        ? Timestamps.fromMicros(index.index().changeTime())
        : null;
  }
}
