package dev.kindstead.replication;

import org.jspecify.annotations.Nullable;

/**
 * A replica's place in its log, written with whatever each entry changes.
 *
 * @param logIndex of the last entry seen, applied or skipped
 * @param term of the last entry applied
 * @param sequence of the last entry applied, within its term
 */
record Position(long logIndex, long term, long sequence) {
  private static final int VERSION = 1;

  static final Position START = new Position(0, 0, 0);

  /** Rule 6: whether the entry, which the engine holds at a term of its own, is applied. */
  boolean isFollowedBy(Entry entry, long engineTerm) {
    long expected = entry.term() == term ? sequence + 1 : Entry.SEQUENCE_FIRST;
    return entry.term() == engineTerm && entry.sequence() == expected;
  }

  Position afterSkipping(long skippedLogIndex) {
    return new Position(skippedLogIndex, term, sequence);
  }

  byte[] encode() {
    return new EntryWriter(32)
        .writeByte(VERSION)
        .writeVarint(logIndex)
        .writeVarint(term)
        .writeVarint(sequence)
        .toBytes();
  }

  static Position decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return START;
    }
    var reader = new EntryReader(bytes, "replica position");
    if (reader.readByte() != VERSION) {
      throw reader.corrupt("has an unknown version");
    }
    return new Position(reader.readVarint(), reader.readVarint(), reader.readVarint());
  }
}
