package dev.kindstead.replication;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.AbortRecord;
import dev.kindstead.replication.Command.ApplyCommit;
import dev.kindstead.replication.Command.CollectGarbage;
import dev.kindstead.replication.Command.DatabaseSettings;
import dev.kindstead.replication.Command.Decide;
import dev.kindstead.replication.Command.DropIndex;
import dev.kindstead.replication.Command.DropOutcomes;
import dev.kindstead.replication.Command.Forget;
import dev.kindstead.replication.Command.IdBlock;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Command.PutIndex;
import dev.kindstead.replication.Command.PutNode;
import dev.kindstead.replication.Command.ReleaseLease;
import dev.kindstead.replication.Command.RemoveNode;
import dev.kindstead.replication.Command.ReserveIds;
import dev.kindstead.replication.Command.Reset;
import dev.kindstead.replication.Command.Resolve;
import dev.kindstead.replication.Command.ShardTerm;
import dev.kindstead.replication.Command.TimestampBound;
import java.util.ArrayList;
import java.util.List;

/** Log entries as bytes. Layout: docs/formats/log-entries.md. */
public final class EntryEncoding {
  private static final int VERSION = 2;

  /** The same without what a leader says of the state before a change. */
  private static final int VERSION_OLDEST = 1;

  // Tags are persistent; the gaps are for later relatives.
  private static final int APPLY_COMMIT = 1;
  private static final int PREPARE = 10;
  private static final int DECIDE = 11;
  private static final int RESOLVE = 12;
  private static final int ABORT_RECORD = 13;
  private static final int FORGET = 14;
  private static final int COLLECT_GARBAGE = 20;
  private static final int DROP_OUTCOMES = 21;
  private static final int TIMESTAMP_BOUND = 30;
  private static final int ID_BLOCK = 31;
  private static final int RESERVE_IDS = 32;
  private static final int RELEASE_LEASE = 33;
  private static final int REMOVE_NODE = 34;
  private static final int SHARD_TERM = 35;
  private static final int SHARD_LEADER = 36;
  private static final int PUT_NODE = 37;
  private static final int PUT_NODE_OF_WEIGHT = 38;
  private static final int DATABASE_SETTINGS = 40;
  private static final int PUT_INDEX = 41;
  private static final int DROP_INDEX = 42;
  private static final int RESET = 50;

  private static final int ENTITY_OVERHEAD_BYTES = 32;

  private EntryEncoding() {}

  public static byte[] encode(Entry entry) {
    int expected = 32;
    for (Command command : entry.commands()) {
      expected += expectedBytes(command);
    }
    var writer = new EntryWriter(expected);
    writer.writeByte(VERSION).writeVarint(entry.term()).writeVarint(entry.sequence());
    writer.writeVarint(entry.commands().size());
    for (Command command : entry.commands()) {
      write(writer, command);
    }
    return writer.toBytes();
  }

  /** Throws CorruptBytesException when the bytes are no entry of a known version. */
  public static Entry decode(byte[] bytes) {
    var reader = new EntryReader(bytes, "log entry");
    int version = reader.readByte();
    if (version < VERSION_OLDEST || version > VERSION) {
      throw reader.corrupt("has the unknown version " + version);
    }
    long term = reader.readVarint();
    long sequence = reader.readVarint();
    int count = reader.readCount();
    var commands = new ArrayList<Command>(count);
    for (int i = 0; i < count; i++) {
      commands.add(read(reader));
    }
    if (!reader.atEnd()) {
      throw reader.corrupt("has bytes after its end");
    }
    return new Entry(term, sequence, commands);
  }

  /** Roughly how long a command's bytes are: a hint, never too small by much. */
  public static int expectedBytes(Command command) {
    return switch (command) {
      case ApplyCommit commit ->
          ENTITY_OVERHEAD_BYTES + commit.answer().length + ChangeEncoding.bytesOf(commit.changes());
      case Prepare prepare -> PrepareEncoding.expectedBytes(prepare);
      case Decide decide -> 128 + decide.answer().length;
      case PutIndex _ -> 1_024;
      case ReleaseLease release -> 16 + release.transactions().length;
      case ReserveIds reserve -> 16 + 10 * reserve.counters().size();
      case Resolve _,
          AbortRecord _,
          Forget _,
          CollectGarbage _,
          DropOutcomes _,
          TimestampBound _,
          IdBlock _,
          DatabaseSettings _,
          DropIndex _,
          RemoveNode _,
          ShardTerm _,
          PutNode _,
          Reset _ ->
          64;
    };
  }

  /** The same of an index entry that is put or deleted. */
  public static int expectedBytesOfIndexEntry(int keyBytes) {
    return ChangeEncoding.OVERHEAD_BYTES + keyBytes;
  }

  private static void write(EntryWriter to, Command command) {
    switch (command) {
      case ApplyCommit(var timestamp, var transaction, var answer, var changes) -> {
        to.writeByte(APPLY_COMMIT).writeVarint(timestamp);
        to.writeBytes(transaction == null ? Bytes.EMPTY : transaction).writeBytes(answer);
        ChangeEncoding.write(to, changes);
      }
      case Prepare prepare -> {
        to.writeByte(PREPARE);
        PrepareEncoding.write(to, prepare);
      }
      case Decide(var transaction, var commitTime, var answer, var participantSlots) -> {
        to.writeByte(DECIDE).writeBytes(transaction).writeVarint(commitTime).writeBytes(answer);
        to.writeVarint(participantSlots.size());
        participantSlots.forEach(to::writeVarint);
      }
      case Resolve(var transaction, var commitTime) ->
          to.writeByte(RESOLVE).writeBytes(transaction).writeVarint(commitTime);
      case AbortRecord(var transaction) -> to.writeByte(ABORT_RECORD).writeBytes(transaction);
      case Forget(var transaction) -> to.writeByte(FORGET).writeBytes(transaction);
      case CollectGarbage(var threshold) -> to.writeByte(COLLECT_GARBAGE).writeVarint(threshold);
      case DropOutcomes(var until) -> to.writeByte(DROP_OUTCOMES).writeBytes(until);
      case TimestampBound(var upTo) -> to.writeByte(TIMESTAMP_BOUND).writeVarint(upTo);
      case ReleaseLease(var transactions) -> to.writeByte(RELEASE_LEASE).writeBytes(transactions);
      case RemoveNode(var nodeId) -> to.writeByte(REMOVE_NODE).writeString(nodeId);
      case ShardTerm(var shard, var term, var leader) ->
          to.writeByte(SHARD_LEADER).writeVarint(shard).writeVarint(term).writeString(leader);
      case PutNode(var nodeId, NodePlace(var zone, var weight), var isAway) -> {
        to.writeByte(weight == 1 ? PUT_NODE : PUT_NODE_OF_WEIGHT).writeString(nodeId);
        to.writeString(zone).writeByte(isAway ? 1 : 0);
        if (weight != 1) {
          to.writeVarint(weight);
        }
      }
      case IdBlock(var upTo) -> to.writeByte(ID_BLOCK).writeVarint(upTo);
      case ReserveIds(var counters) -> {
        to.writeByte(RESERVE_IDS).writeVarint(counters.size());
        counters.forEach(to::writeVarint);
      }
      case DatabaseSettings(var database, var mode) -> {
        to.writeByte(DATABASE_SETTINGS);
        SettingsEncoding.writeDatabase(to, database).writeByte(SettingsEncoding.modeNumber(mode));
      }
      case PutIndex(var index) -> {
        to.writeByte(PUT_INDEX);
        IndexEncoding.write(to, index);
      }
      case DropIndex(var id) -> to.writeByte(DROP_INDEX).writeFixed64(id);
      case Reset() -> to.writeByte(RESET);
    }
  }

  private static Command read(EntryReader from) {
    int tag = from.readByte();
    return switch (tag) {
      case APPLY_COMMIT -> {
        long timestamp = from.readVarint();
        Bytes transaction = from.readBytes();
        yield new ApplyCommit(
            timestamp,
            transaction.size() == 0 ? null : transaction,
            from.readByteArray(),
            ChangeEncoding.read(from));
      }
      case PREPARE -> PrepareEncoding.read(from);
      case DECIDE ->
          new Decide(from.readBytes(), from.readVarint(), from.readByteArray(), readSlots(from));
      case RESOLVE -> new Resolve(from.readBytes(), from.readVarint());
      case ABORT_RECORD -> new AbortRecord(from.readBytes());
      case FORGET -> new Forget(from.readBytes());
      case COLLECT_GARBAGE -> new CollectGarbage(from.readVarint());
      case DROP_OUTCOMES -> new DropOutcomes(from.readBytes());
      case TIMESTAMP_BOUND -> new TimestampBound(from.readVarint());
      case ID_BLOCK -> new IdBlock(from.readVarint());
      case RESERVE_IDS -> new ReserveIds(readNumbers(from));
      case RELEASE_LEASE -> new ReleaseLease(from.readByteArray());
      case REMOVE_NODE -> new RemoveNode(from.readString());
      case SHARD_TERM -> new ShardTerm(from.readInt(), from.readVarint(), "");
      case SHARD_LEADER -> new ShardTerm(from.readInt(), from.readVarint(), from.readString());
      case PUT_NODE -> readNode(from, false);
      case PUT_NODE_OF_WEIGHT -> readNode(from, true);
      case DATABASE_SETTINGS ->
          new DatabaseSettings(
              SettingsEncoding.readDatabase(from), SettingsEncoding.mode(from, from.readByte()));
      case PUT_INDEX -> new PutIndex(IndexEncoding.read(from));
      case DROP_INDEX -> new DropIndex(from.readFixed64());
      case RESET -> new Reset();
      default -> throw from.corrupt("has the unknown command tag " + tag);
    };
  }

  private static PutNode readNode(EntryReader from, boolean hasWeight) {
    String nodeId = from.readString();
    String zone = from.readString();
    boolean isAway = from.readByte() == 1;
    return new PutNode(nodeId, new NodePlace(zone, hasWeight ? readWeight(from) : 1), isAway);
  }

  /** Of a node that does not weigh one. */
  static int readWeight(EntryReader from) {
    int weight = from.readInt();
    if (weight < 2 || weight > NodePlace.WEIGHT_MAX) {
      throw from.corrupt("has a node of the weight " + weight);
    }
    return weight;
  }

  private static List<Long> readNumbers(EntryReader from) {
    int count = from.readCount();
    var numbers = new ArrayList<Long>(count);
    for (int i = 0; i < count; i++) {
      numbers.add(from.readVarint());
    }
    return numbers;
  }

  private static List<Integer> readSlots(EntryReader from) {
    int count = from.readCount();
    var slots = new ArrayList<Integer>(count);
    for (int i = 0; i < count; i++) {
      slots.add(from.readInt());
    }
    return slots;
  }
}
