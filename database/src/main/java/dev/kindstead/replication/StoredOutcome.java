package dev.kindstead.replication;

/** What the log says became of a transaction. Layout: docs/formats/transaction-space.md. */
public sealed interface StoredOutcome {
  int VERSION = 1;
  int COMMITTED = 1;
  int ABORTED = 2;

  /**
   * It committed.
   *
   * @param commitTime microseconds
   * @param answer as the commit's proposer encoded it
   */
  record Committed(long commitTime, byte[] answer) implements StoredOutcome {}

  /** It never commits. */
  record Aborted() implements StoredOutcome {}

  /** The stored bytes. */
  default byte[] encode() {
    return switch (this) {
      case Committed(var commitTime, var answer) ->
          new EntryWriter(16 + answer.length)
              .writeByte(VERSION)
              .writeByte(COMMITTED)
              .writeVarint(commitTime)
              .writeBytes(answer)
              .toBytes();
      case Aborted() -> new EntryWriter(2).writeByte(VERSION).writeByte(ABORTED).toBytes();
    };
  }

  static StoredOutcome decode(byte[] bytes) {
    var reader = new EntryReader(bytes, "transaction outcome");
    if (reader.readByte() != VERSION) {
      throw reader.corrupt("has an unknown version");
    }
    int kind = reader.readByte();
    return switch (kind) {
      case COMMITTED -> new Committed(reader.readVarint(), reader.readByteArray());
      case ABORTED -> new Aborted();
      default -> throw reader.corrupt("has the unknown kind " + kind);
    };
  }
}
