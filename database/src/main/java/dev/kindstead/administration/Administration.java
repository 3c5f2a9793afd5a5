package dev.kindstead.administration;

import com.google.firestore.admin.v1.Database;
import com.google.firestore.admin.v1.GetDatabaseRequest;
import com.google.firestore.admin.v1.GetFieldRequest;
import com.google.firestore.admin.v1.ListFieldsRequest;
import com.google.firestore.admin.v1.UpdateDatabaseRequest;
import com.google.firestore.admin.v1.UpdateFieldRequest;
import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.DeleteOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.Operation;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.Value;
import dev.kindstead.jobs.IndexCheck;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.service.IndexAdministration;
import dev.kindstead.transaction.Transactions;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** The room's door: one request message in, one answer message out. Thread-safe. */
public final class Administration {
  private final Transactions transactions;
  private final DatastoreIndexes indexes;
  private final FirestoreIndexes firestoreIndexes;
  private final IndexOperations operations;
  private final ExpiryFields expiry;
  private final IndexCheck check;

  public Administration(IndexAdministration indexes, Transactions transactions) {
    this.transactions = transactions;
    this.expiry = new ExpiryFields(indexes);
    this.check = new IndexCheck(transactions);
    this.operations = new IndexOperations(indexes);
    this.indexes = new DatastoreIndexes(indexes, operations);
    this.firestoreIndexes = new FirestoreIndexes(indexes, operations);
  }

  /**
   * What is wrong with a request is thrown; what goes wrong later ends the future.
   *
   * @param isOver whether nobody waits for the answer any more: what takes long ends then
   */
  public CompletableFuture<? extends Message> handle(
      AdminMethod method, Message request, BooleanSupplier isOver) {
    return switch (method) {
      case CREATE_INDEX ->
          indexes.create((com.google.datastore.admin.v1.CreateIndexRequest) request);
      case DELETE_INDEX ->
          indexes.delete((com.google.datastore.admin.v1.DeleteIndexRequest) request);
      case GET_INDEX -> done(indexes.get((com.google.datastore.admin.v1.GetIndexRequest) request));
      case LIST_INDEXES ->
          done(indexes.list((com.google.datastore.admin.v1.ListIndexesRequest) request));
      case FIRESTORE_CREATE_INDEX ->
          firestoreIndexes.create((com.google.firestore.admin.v1.CreateIndexRequest) request);
      case FIRESTORE_DELETE_INDEX ->
          firestoreIndexes.delete((com.google.firestore.admin.v1.DeleteIndexRequest) request);
      case FIRESTORE_GET_INDEX ->
          done(firestoreIndexes.get((com.google.firestore.admin.v1.GetIndexRequest) request));
      case FIRESTORE_LIST_INDEXES ->
          done(firestoreIndexes.list((com.google.firestore.admin.v1.ListIndexesRequest) request));
      case UPDATE_FIELD -> expiry.update((UpdateFieldRequest) request);
      case GET_FIELD -> done(expiry.get((GetFieldRequest) request));
      case LIST_FIELDS -> done(expiry.list((ListFieldsRequest) request));
      case GET_DATABASE -> done(database(((GetDatabaseRequest) request).getName()));
      case UPDATE_DATABASE -> update((UpdateDatabaseRequest) request);
      case GET_OPERATION -> done(operations.get(((GetOperationRequest) request).getName()));
      case WAIT_OPERATION -> done(operations.get(((WaitOperationRequest) request).getName()));
      case LIST_OPERATIONS -> done(operations.list((ListOperationsRequest) request));
      case CHECK_INDEXES ->
          done(checked(((Struct) request).getFieldsOrThrow("name").getStringValue(), isOver));
      case CANCEL_OPERATION -> {
        operations.get(((CancelOperationRequest) request).getName());
        throw DatastoreException.unimplemented("cancelling an index operation");
      }
      case DELETE_OPERATION -> {
        operations.get(((DeleteOperationRequest) request).getName());
        throw DatastoreException.unimplemented("deleting an operation");
      }
    };
  }

  /** The types that operations carry, for their JSON form. */
  public static TypeRegistry types() {
    return TypeRegistry.newBuilder()
        .add(com.google.datastore.admin.v1.Index.getDescriptor())
        .add(com.google.datastore.admin.v1.IndexOperationMetadata.getDescriptor())
        .add(com.google.firestore.admin.v1.Index.getDescriptor())
        .add(com.google.firestore.admin.v1.IndexOperationMetadata.getDescriptor())
        .add(com.google.firestore.admin.v1.UpdateDatabaseMetadata.getDescriptor())
        .add(com.google.firestore.admin.v1.Field.getDescriptor())
        .add(com.google.firestore.admin.v1.FieldOperationMetadata.getDescriptor())
        .add(Database.getDescriptor())
        .add(Empty.getDescriptor())
        .build();
  }

  private static <T> CompletableFuture<T> done(T answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private static DatabaseId databaseId(String name) {
    String[] parts = ResourceNames.split(name, "projects/*/databases/*");
    return ResourceNames.database(parts[1], parts[3]);
  }

  /** Databases need no creation, so each one that is named is there. */
  private Database database(String name) {
    return Database.newBuilder()
        .setName(name)
        .setType(Database.DatabaseType.DATASTORE_MODE)
        .setConcurrencyMode(
            switch (transactions.concurrencyMode(databaseId(name))) {
              case OPTIMISTIC -> Database.ConcurrencyMode.OPTIMISTIC;
              case PESSIMISTIC -> Database.ConcurrencyMode.PESSIMISTIC;
              case OPTIMISTIC_WITH_ENTITY_GROUPS ->
                  Database.ConcurrencyMode.OPTIMISTIC_WITH_ENTITY_GROUPS;
            })
        .build();
  }

  private Struct checked(String name, BooleanSupplier isOver) {
    IndexCheck.Report report = check.check(databaseId(name), isOver);
    var differences = ListValue.newBuilder();
    report.differences().forEach(each -> differences.addValues(text(each)));
    return Struct.newBuilder()
        .putFields("entities", number(report.entities()))
        .putFields("entries", number(report.entries()))
        .putFields("different", number(report.different()))
        .putFields("differences", Value.newBuilder().setListValue(differences).build())
        .build();
  }

  private static Value number(long number) {
    return Value.newBuilder().setNumberValue(number).build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private CompletableFuture<Operation> update(UpdateDatabaseRequest request) {
    String name = request.getDatabase().getName();
    DatabaseId id = databaseId(name);
    for (String field : request.getUpdateMask().getPathsList()) {
      if (!field.equals("concurrency_mode") && !field.equals("concurrencyMode")) {
        throw DatastoreException.unimplemented("updating a database's " + field);
      }
    }
    ConcurrencyMode mode =
        switch (request.getDatabase().getConcurrencyMode()) {
          case OPTIMISTIC -> ConcurrencyMode.OPTIMISTIC;
          case PESSIMISTIC -> ConcurrencyMode.PESSIMISTIC;
          case OPTIMISTIC_WITH_ENTITY_GROUPS -> ConcurrencyMode.OPTIMISTIC_WITH_ENTITY_GROUPS;
          case CONCURRENCY_MODE_UNSPECIFIED, UNRECOGNIZED ->
              throw DatastoreException.invalidArgument(
                  "database.concurrency_mode must be OPTIMISTIC, PESSIMISTIC or"
                      + " OPTIMISTIC_WITH_ENTITY_GROUPS.");
        };
    return transactions
        .setConcurrencyMode(id, mode)
        .thenApply(_ ->
            Operation.newBuilder()
                .setName(name + "/operations/update")
                .setMetadata(
                    Any.pack(
                        com.google.firestore.admin.v1.UpdateDatabaseMetadata.getDefaultInstance()))
                .setDone(true)
                .setResponse(Any.pack(database(name)))
                .build());
  }
}
