package dev.kindstead.transaction;

import dev.kindstead.placement.ShardMap;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.EntryWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** What nodes ask the timestamp oracle, as bytes. Layout: docs/formats/node-messages.md. */
final class TimestampMessages {
  private static final int VERSION = 1;
  private static final int TAKE = 1;
  private static final int LEADERS = 3;

  /** Tag 2 announced without the leader's id. */
  private static final int ANNOUNCE = 4;

  private static final int WALL_CLOCK = 5;

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
  record Announce(int shard, long term, String leader) implements Request {}

  /** See {@link Timestamps#leaders}. */
  record Leaders() implements Request {}

  /** What the wall clock of the node that is asked says: any node's, see {@link VoterClocks}. */
  record WallClock() implements Request {}

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
      case Announce(int shard, long term, String leader) ->
          to.writeByte(ANNOUNCE).writeVarint(shard).writeVarint(term).writeString(leader).toBytes();
      case Leaders() -> to.writeByte(LEADERS).toBytes();
      case WallClock() -> to.writeByte(WALL_CLOCK).toBytes();
    };
  }

  /** Throws CorruptBytesException when the bytes are none of a known version. */
  static Request decode(byte[] bytes) {
    EntryReader from = versioned(bytes, "question to the oracle");
    int tag = from.readByte();
    return switch (tag) {
      case TAKE -> new Take(from.readInt());
      case ANNOUNCE -> new Announce(readShard(from), from.readVarint(), from.readString());
      case LEADERS -> new Leaders();
      case WALL_CLOCK -> new WallClock();
      default -> throw from.corrupt("has the unknown tag " + tag);
    };
  }

  /** Answers a {@link WallClock}. */
  static byte[] encodeWallClock(long micros) {
    return new EntryWriter(16).writeByte(VERSION).writeVarint(micros).toBytes();
  }

  /** Throws CorruptBytesException when the bytes are none of a known version. */
  static long decodeWallClock(byte[] bytes) {
    return versioned(bytes, "wall clock").readVarint();
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

  static byte[] encode(Map<Integer, String> leaders) {
    var to = new EntryWriter(64).writeByte(VERSION).writeVarint(leaders.size());
    leaders.forEach((shard, leader) -> to.writeVarint(shard).writeString(leader));
    return to.toBytes();
  }

  /** Throws CorruptBytesException when the bytes are none of a known version. */
  static Map<Integer, String> decodeLeaders(byte[] bytes) {
    EntryReader from = versioned(bytes, "leaders of shards");
    int count = from.readCount();
    var leaders = new HashMap<Integer, String>();
    for (int i = 0; i < count; i++) {
      leaders.put(readShard(from), from.readString());
    }
    return leaders;
  }

  /** What is kept of shards grows with the greatest number. */
  private static int readShard(EntryReader from) {
    int shard = from.readInt();
    if (shard >= ShardMap.SHARDS_MAX) {
      throw from.corrupt("names the shard " + shard);
    }
    return shard;
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
