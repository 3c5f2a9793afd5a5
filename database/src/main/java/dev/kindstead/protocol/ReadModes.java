package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import com.google.datastore.v1.ReadOptions;
import com.google.protobuf.ByteString;
import dev.kindstead.model.Bytes;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.TransactionOptions;

/** Reads how a request wants to be served: read options and transaction options. */
final class ReadModes {
  private static final ReadMode STRONG = new ReadMode.Strong();
  private static final ReadMode EVENTUAL = new ReadMode.Eventual();

  private ReadModes() {}

  static ReadMode mode(ReadOptions sent) {
    return switch (sent.getConsistencyTypeCase()) {
      case READ_CONSISTENCY ->
          switch (sent.getReadConsistency()) {
            case EVENTUAL -> EVENTUAL;
            case STRONG, READ_CONSISTENCY_UNSPECIFIED -> STRONG;
            case UNRECOGNIZED ->
                throw invalidArgument(
                    "Unknown read consistency: " + sent.getReadConsistencyValue());
          };
      case TRANSACTION -> new ReadMode.InTransaction(transaction(sent.getTransaction()));
      case NEW_TRANSACTION -> new ReadMode.InNewTransaction(options(sent.getNewTransaction()));
      case READ_TIME -> new ReadMode.AtTime(Times.micros(sent.getReadTime()));
      case CONSISTENCYTYPE_NOT_SET -> STRONG;
    };
  }

  static TransactionOptions options(com.google.datastore.v1.TransactionOptions sent) {
    return switch (sent.getModeCase()) {
      case READ_ONLY ->
          new TransactionOptions.ReadOnly(
              sent.getReadOnly().hasReadTime()
                  ? Times.micros(sent.getReadOnly().getReadTime())
                  : null);
      case READ_WRITE, MODE_NOT_SET -> {
        ByteString previous = sent.getReadWrite().getPreviousTransaction();
        yield new TransactionOptions.ReadWrite(previous.isEmpty() ? null : transaction(previous));
      }
    };
  }

  static TransactionId transaction(ByteString sent) {
    if (sent.isEmpty()) {
      throw invalidArgument("a transaction cannot be the empty string.");
    }
    return new TransactionId(Bytes.of(sent.toByteArray()));
  }
}
