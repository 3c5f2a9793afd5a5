package dev.kindstead.transaction;

import dev.kindstead.environment.Waiting;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.NotServedException;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.EntryWriter;

/** What a shard's leader answers another node: bytes, or why not. Layout: node-messages.md. */
final class ShardAnswer {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int NOT_SERVED = 2;
  private static final int ID_TAKEN = 3;

  private ShardAnswer() {}

  static byte[] done(byte[] answer) {
    return new EntryWriter(1 + answer.length).writeByte(DONE).writeRaw(answer).toBytes();
  }

  static byte[] failed(Throwable failure) {
    return switch (Waiting.causeOf(failure)) {
      case NotServedException _ -> new byte[] {NOT_SERVED};
      case Evaluation.IdTakenException _ -> new byte[] {ID_TAKEN};
      case DatastoreException known ->
          new EntryWriter(64)
              .writeByte(FAILED)
              .writeByte(known.code().number())
              .writeString(String.valueOf(known.getMessage()))
              .toBytes();
      case Throwable cause ->
          new EntryWriter(64)
              .writeByte(FAILED)
              .writeByte(Code.INTERNAL.number())
              .writeString("a shard's leader failed: " + cause)
              .toBytes();
    };
  }

  /** The answer; throws why there is none. */
  static EntryReader read(byte[] bytes) {
    var from = new EntryReader(bytes, "answer of a shard");
    int kind = from.readByte();
    return switch (kind) {
      case DONE -> from;
      case FAILED -> {
        Code code = code(from.readByte());
        throw new DatastoreException(code, from.readString());
      }
      case NOT_SERVED -> throw TransactionErrors.notLed();
      case ID_TAKEN -> throw new Evaluation.IdTakenException();
      default -> throw from.corrupt("has the unknown kind " + kind);
    };
  }

  /** A later version's code that this one does not know says nothing certain. */
  private static Code code(int number) {
    for (Code code : Code.values()) {
      if (code.number() == number) {
        return code;
      }
    }
    return Code.INTERNAL;
  }
}
