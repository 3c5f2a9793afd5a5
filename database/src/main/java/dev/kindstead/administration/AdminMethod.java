package dev.kindstead.administration;

/** The methods of the admin API that are served. */
public enum AdminMethod {
  CREATE_INDEX(AdminMethod.DATASTORE, "CreateIndex"),
  DELETE_INDEX(AdminMethod.DATASTORE, "DeleteIndex"),
  GET_INDEX(AdminMethod.DATASTORE, "GetIndex"),
  LIST_INDEXES(AdminMethod.DATASTORE, "ListIndexes"),
  FIRESTORE_CREATE_INDEX(AdminMethod.FIRESTORE, "CreateIndex"),
  FIRESTORE_DELETE_INDEX(AdminMethod.FIRESTORE, "DeleteIndex"),
  FIRESTORE_GET_INDEX(AdminMethod.FIRESTORE, "GetIndex"),
  FIRESTORE_LIST_INDEXES(AdminMethod.FIRESTORE, "ListIndexes"),
  UPDATE_FIELD(AdminMethod.FIRESTORE, "UpdateField"),
  GET_FIELD(AdminMethod.FIRESTORE, "GetField"),
  LIST_FIELDS(AdminMethod.FIRESTORE, "ListFields"),
  GET_DATABASE(AdminMethod.FIRESTORE, "GetDatabase"),
  UPDATE_DATABASE(AdminMethod.FIRESTORE, "UpdateDatabase"),
  GET_OPERATION(AdminMethod.OPERATIONS, "GetOperation"),
  LIST_OPERATIONS(AdminMethod.OPERATIONS, "ListOperations"),
  CANCEL_OPERATION(AdminMethod.OPERATIONS, "CancelOperation"),
  DELETE_OPERATION(AdminMethod.OPERATIONS, "DeleteOperation"),
  WAIT_OPERATION(AdminMethod.OPERATIONS, "WaitOperation"),
  /** Ours: {@code {"name": "projects/p/databases/d"}} is answered with what the check found. */
  CHECK_INDEXES("kindstead.v1.Administration", "CheckIndexes");

  private static final String DATASTORE = "google.datastore.admin.v1.DatastoreAdmin";
  private static final String FIRESTORE = "google.firestore.admin.v1.FirestoreAdmin";
  private static final String OPERATIONS = "google.longrunning.Operations";

  private final String path;

  AdminMethod(String service, String method) {
    this.path = service + "/" + method;
  }

  /** As in a gRPC path: {@code service/method}. */
  public String path() {
    return path;
  }
}
