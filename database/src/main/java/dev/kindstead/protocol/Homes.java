package dev.kindstead.protocol;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.ReadOptions;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Tells calls that belong to an open transaction, which has one node for a home, from those that
 * any node may serve, without decoding them.
 */
final class Homes {
  private Homes() {}

  /** One whose fields come in another order than encoders write them may count as one that does. */
  static boolean needsNone(Rpc rpc, RequestBody body) {
    try {
      byte[] bytes = body.bytesFrom(0);
      return switch (rpc) {
        case LOOKUP, RUN_QUERY, RUN_AGGREGATION_QUERY -> !isOfTransaction(bytes);
        case COMMIT -> !beginsWith(bytes, CommitRequest.TRANSACTION_FIELD_NUMBER);
        case BEGIN_TRANSACTION, ROLLBACK, ALLOCATE_IDS, RESERVE_IDS -> false;
      };
    } catch (IOException malformed) {
      return false;
    }
  }

  private static boolean isOfTransaction(byte[] bytes) throws IOException {
    ReadOptions options = OldReads.options(bytes, 0);
    return options != null && (options.hasTransaction() || options.hasNewTransaction());
  }

  /** The first fields that encoders write of a commit are its transaction and its mode. */
  private static boolean beginsWith(byte[] bytes, int field) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    int tag = in.readTag();
    return WireFormat.getTagFieldNumber(tag) == field;
  }
}
