package dev.kindstead.protocol;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.ReadOptions;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from, read without decoding the rest of it.
 *
 * @param project as the message names it, empty where only the URL does
 * @param database as the message names it, empty for the default one
 * @param isOfTransaction whether it goes on with an open transaction
 * @param bytes of the message
 */
record CallOrigin(String project, String database, boolean isOfTransaction, int bytes) {
  /** The same fields in all eight requests. */
  private static final int PROJECT = LookupRequest.PROJECT_ID_FIELD_NUMBER;

  private static final int DATABASE = LookupRequest.DATABASE_ID_FIELD_NUMBER;

  /**
   * Of the message at {@code offset}. What is wrong with it is found when it is decoded; until then
   * it counts as one of no database.
   */
  static CallOrigin read(Rpc rpc, byte[] bytes, int offset) {
    int length = bytes.length - offset;
    String project = "";
    String database = "";
    boolean isOfTransaction = rpc == Rpc.ROLLBACK;
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes, offset, length);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        boolean isText = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        int field = WireFormat.getTagFieldNumber(tag);
        if (isText && field == PROJECT) {
          project = in.readString();
        } else if (isText && field == DATABASE) {
          database = in.readString();
        } else if (isText && rpc.reads() && field == LookupRequest.READ_OPTIONS_FIELD_NUMBER) {
          isOfTransaction = ReadOptions.parseFrom(in.readByteArray()).hasTransaction();
        } else {
          isOfTransaction |=
              rpc == Rpc.COMMIT && field == CommitRequest.TRANSACTION_FIELD_NUMBER && isText;
          in.skipField(tag);
        }
      }
    } catch (IOException malformed) {
      return new CallOrigin("", "", false, length);
    }
    return new CallOrigin(project, database, isOfTransaction, length);
  }

  /**
   * Who shares with whom, whatever way the project is named.
   *
   * @param inUrl the project in the URL, null for gRPC
   */
  String sharer(@Nullable String inUrl) {
    return (inUrl == null ? project : inUrl) + "/" + database;
  }
}
