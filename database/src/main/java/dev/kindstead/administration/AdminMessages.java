package dev.kindstead.administration;

import com.google.datastore.admin.v1.CreateIndexRequest;
import com.google.datastore.admin.v1.DeleteIndexRequest;
import com.google.datastore.admin.v1.GetIndexRequest;
import com.google.datastore.admin.v1.ListIndexesRequest;
import com.google.datastore.admin.v1.ListIndexesResponse;
import com.google.firestore.admin.v1.Database;
import com.google.firestore.admin.v1.Field;
import com.google.firestore.admin.v1.GetDatabaseRequest;
import com.google.firestore.admin.v1.GetFieldRequest;
import com.google.firestore.admin.v1.ListFieldsRequest;
import com.google.firestore.admin.v1.ListFieldsResponse;
import com.google.firestore.admin.v1.UpdateDatabaseRequest;
import com.google.firestore.admin.v1.UpdateFieldRequest;
import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.DeleteOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.ListOperationsResponse;
import com.google.longrunning.Operation;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;

/**
 * The messages of the methods, apart from {@link AdminMethod} so that a start does not load their
 * classes.
 */
public final class AdminMessages {
  private AdminMessages() {}

  /** The method's empty request message. */
  public static Message requestOf(AdminMethod method) {
    return switch (method) {
      case CREATE_INDEX -> CreateIndexRequest.getDefaultInstance();
      case DELETE_INDEX -> DeleteIndexRequest.getDefaultInstance();
      case GET_INDEX -> GetIndexRequest.getDefaultInstance();
      case LIST_INDEXES -> ListIndexesRequest.getDefaultInstance();
      case FIRESTORE_CREATE_INDEX ->
          com.google.firestore.admin.v1.CreateIndexRequest.getDefaultInstance();
      case FIRESTORE_DELETE_INDEX ->
          com.google.firestore.admin.v1.DeleteIndexRequest.getDefaultInstance();
      case FIRESTORE_GET_INDEX ->
          com.google.firestore.admin.v1.GetIndexRequest.getDefaultInstance();
      case FIRESTORE_LIST_INDEXES ->
          com.google.firestore.admin.v1.ListIndexesRequest.getDefaultInstance();
      case UPDATE_FIELD -> UpdateFieldRequest.getDefaultInstance();
      case GET_FIELD -> GetFieldRequest.getDefaultInstance();
      case LIST_FIELDS -> ListFieldsRequest.getDefaultInstance();
      case GET_DATABASE -> GetDatabaseRequest.getDefaultInstance();
      case UPDATE_DATABASE -> UpdateDatabaseRequest.getDefaultInstance();
      case GET_OPERATION -> GetOperationRequest.getDefaultInstance();
      case LIST_OPERATIONS -> ListOperationsRequest.getDefaultInstance();
      case CANCEL_OPERATION -> CancelOperationRequest.getDefaultInstance();
      case DELETE_OPERATION -> DeleteOperationRequest.getDefaultInstance();
      case WAIT_OPERATION -> WaitOperationRequest.getDefaultInstance();
      case CHECK_INDEXES -> Struct.getDefaultInstance();
    };
  }

  /** The method's empty answer. */
  public static Message answerOf(AdminMethod method) {
    return switch (method) {
      case CREATE_INDEX,
          DELETE_INDEX,
          FIRESTORE_CREATE_INDEX,
          UPDATE_FIELD,
          UPDATE_DATABASE,
          GET_OPERATION,
          WAIT_OPERATION ->
          Operation.getDefaultInstance();
      case GET_INDEX -> com.google.datastore.admin.v1.Index.getDefaultInstance();
      case LIST_INDEXES -> ListIndexesResponse.getDefaultInstance();
      case FIRESTORE_GET_INDEX -> com.google.firestore.admin.v1.Index.getDefaultInstance();
      case FIRESTORE_LIST_INDEXES ->
          com.google.firestore.admin.v1.ListIndexesResponse.getDefaultInstance();
      case GET_FIELD -> Field.getDefaultInstance();
      case LIST_FIELDS -> ListFieldsResponse.getDefaultInstance();
      case GET_DATABASE -> Database.getDefaultInstance();
      case LIST_OPERATIONS -> ListOperationsResponse.getDefaultInstance();
      case CHECK_INDEXES -> Struct.getDefaultInstance();
      case FIRESTORE_DELETE_INDEX, CANCEL_OPERATION, DELETE_OPERATION -> Empty.getDefaultInstance();
    };
  }
}
