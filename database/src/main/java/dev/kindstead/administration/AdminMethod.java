package dev.kindstead.administration;

import com.google.datastore.admin.v1.CreateIndexRequest;
import com.google.datastore.admin.v1.DeleteIndexRequest;
import com.google.datastore.admin.v1.GetIndexRequest;
import com.google.datastore.admin.v1.ListIndexesRequest;
import com.google.firestore.admin.v1.GetDatabaseRequest;
import com.google.firestore.admin.v1.UpdateDatabaseRequest;
import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.DeleteOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import java.util.function.Supplier;

/** The methods of the admin API that are served. */
public enum AdminMethod {
  CREATE_INDEX(AdminMethod.DATASTORE, "CreateIndex", CreateIndexRequest::getDefaultInstance),
  DELETE_INDEX(AdminMethod.DATASTORE, "DeleteIndex", DeleteIndexRequest::getDefaultInstance),
  GET_INDEX(AdminMethod.DATASTORE, "GetIndex", GetIndexRequest::getDefaultInstance),
  LIST_INDEXES(AdminMethod.DATASTORE, "ListIndexes", ListIndexesRequest::getDefaultInstance),
  FIRESTORE_CREATE_INDEX(
      AdminMethod.FIRESTORE,
      "CreateIndex",
      com.google.firestore.admin.v1.CreateIndexRequest::getDefaultInstance),
  FIRESTORE_DELETE_INDEX(
      AdminMethod.FIRESTORE,
      "DeleteIndex",
      com.google.firestore.admin.v1.DeleteIndexRequest::getDefaultInstance),
  FIRESTORE_GET_INDEX(
      AdminMethod.FIRESTORE,
      "GetIndex",
      com.google.firestore.admin.v1.GetIndexRequest::getDefaultInstance),
  FIRESTORE_LIST_INDEXES(
      AdminMethod.FIRESTORE,
      "ListIndexes",
      com.google.firestore.admin.v1.ListIndexesRequest::getDefaultInstance),
  GET_DATABASE(AdminMethod.FIRESTORE, "GetDatabase", GetDatabaseRequest::getDefaultInstance),
  UPDATE_DATABASE(
      AdminMethod.FIRESTORE, "UpdateDatabase", UpdateDatabaseRequest::getDefaultInstance),
  GET_OPERATION(AdminMethod.OPERATIONS, "GetOperation", GetOperationRequest::getDefaultInstance),
  LIST_OPERATIONS(
      AdminMethod.OPERATIONS, "ListOperations", ListOperationsRequest::getDefaultInstance),
  CANCEL_OPERATION(
      AdminMethod.OPERATIONS, "CancelOperation", CancelOperationRequest::getDefaultInstance),
  DELETE_OPERATION(
      AdminMethod.OPERATIONS, "DeleteOperation", DeleteOperationRequest::getDefaultInstance),
  WAIT_OPERATION(AdminMethod.OPERATIONS, "WaitOperation", WaitOperationRequest::getDefaultInstance),
  /** Ours: {@code {"name": "projects/p/databases/d"}} is answered with what the check found. */
  CHECK_INDEXES("kindstead.v1.Administration", "CheckIndexes", Struct::getDefaultInstance);

  private static final String DATASTORE = "google.datastore.admin.v1.DatastoreAdmin";
  private static final String FIRESTORE = "google.firestore.admin.v1.FirestoreAdmin";
  private static final String OPERATIONS = "google.longrunning.Operations";

  private final String path;
  private final Supplier<Message> request;

  AdminMethod(String service, String method, Supplier<Message> request) {
    this.path = service + "/" + method;
    this.request = request;
  }

  /** As in a gRPC path: {@code service/method}. */
  public String path() {
    return path;
  }

  /** The empty request message. */
  public Message request() {
    return request.get();
  }
}
