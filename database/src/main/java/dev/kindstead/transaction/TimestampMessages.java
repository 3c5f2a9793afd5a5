package dev.kindstead.transaction;

import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.EntryWriter;
import java.util.ArrayList;

/** What nodes ask the timestamp oracle, as bytes. Layout: docs/formats/node-messages.md. */
final class TimestampMessages {
  private static final int VERSION = 1;
  private static final int TAKE = 1;
  private static final int ANNOUNCE = 2;

  private TimestampMessages() {}

  /** What a node asks. */
  sealed interface Request {}

  /**
   * A time to read at, and timestamps if any are needed.
   *
   * @param count of the timestamps in a row
   */
  record Take(int count) implements Request {}

  /** See {@link Timestamps#announce}. */
  record Announce(int shard, long term) implements Request {}

  /**
   * What a {@link Take} is answered.
   *
   * @param first of the timestamps in a row; zero when none were asked for
   */
  record Taken(long first, ReadTime read) {}

  static byte[] encode(Request request) {
    var to = new EntryWriter(16).writeByte(VERSION);
    return switch (request) {
      case Take(int count) -> to.writeByte(TAKE).writeVarint(count).toBytes();
      case Announce(int shard, long term) ->
          to.writeByte(ANNOUNCE).writeVarint(shard).writeVarint(term).toBytes();
    };
  }

  /** Throws CorruptBytesException when the bytes are none of a known version. */
  static Request decode(byte[] bytes) {
    EntryReader from = versioned(bytes, "question to the oracle");
    int tag = from.readByte();
    return switch (tag) {
      case TAKE -> new Take(from.readInt());
      case ANNOUNCE -> new Announce(from.readInt(), from.readVarint());
      default -> throw from.corrupt("has the unknown tag " + tag);
    };
  }

  static byte[] encode(Taken answer) {
    var to = new EntryWriter(64).writeByte(VERSION).writeVarint(answer.first());
    to.writeVarint(answer.read().micros()).writeVarint(answer.read().indexesAt());
    var terms = answer.read().terms().byShard();
    to.writeVarint(terms.size());
    terms.forEach(to::writeVarint);
    return to.toBytes();
  }

  /** Throws CorruptBytesException when the bytes are none of a known version. */
  static Taken decodeTaken(byte[] bytes) {
    EntryReader from = versioned(bytes, "timestamps");
    long first = from.readVarint();
    long micros = from.readVarint();
    long indexesAt = from.readVarint();
    int count = from.readCount();
    var terms = new ArrayList<Long>(count);
    for (int i = 0; i < count; i++) {
      terms.add(from.readVarint());
    }
    return new Taken(first, new ReadTime(micros, new ShardTerms(terms), indexesAt));
  }

  private static EntryReader versioned(byte[] bytes, String what) {
    var from = new EntryReader(bytes, what);
    int version = from.readByte();
    if (version != VERSION) {
      throw from.corrupt("has the unknown version " + version);
    }
    return from;
  }
}
