package dev.kindstead.transaction;

import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.Entry;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.EntryWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What a node asks the leader of a shard, one record for each operation of {@link Shard} and of
 * reads. Layout: docs/formats/node-messages.md.
 */
sealed interface ShardQuestion {
  int VERSION = 1;

  record Commit(CommitPart part, Duration limit) implements ShardQuestion {}

  record Hold(Bytes transaction, CommitPart part, Duration limit) implements ShardQuestion {}

  record Release(Bytes transaction) implements ShardQuestion {}

  record Prepare(Bytes transaction, int coordinatorSlot) implements ShardQuestion {}

  record Apply(Bytes transaction) implements ShardQuestion {}

  record Decide(Shard.Verdict verdict) implements ShardQuestion {}

  record Outcome(Bytes transaction) implements ShardQuestion {}

  record Resolve(Bytes transaction, long commitTime) implements ShardQuestion {}

  record Put(Command housekeeping) implements ShardQuestion {}

  record Index(Command change) implements ShardQuestion {}

  record Enter(IndexRecord index, List<Bytes> entities) implements ShardQuestion {}

  record RemoveEntries(List<Bytes> entries) implements ShardQuestion {}

  record Settle() implements ShardQuestion {}

  /**
   * See {@link Shard#pass}.
   *
   * @param term that the leader must have at the least
   * @param applied log index up to which the one who asks has applied the log
   */
  record Pass(long micros, long term, long applied, List<Bytes> keys) implements ShardQuestion {}

  record Lock(TransactionId transaction, List<Bytes> keys, Duration limit)
      implements ShardQuestion {}

  record Keep(List<TransactionId> transactions) implements ShardQuestion {}

  record End(TransactionId transaction) implements ShardQuestion {}

  /** Asked of a transaction's home by a shard where an older one meets its locks. */
  record Wound(TransactionId transaction) implements ShardQuestion {}

  default byte[] encode(int shard) {
    var to = new EntryWriter(128).writeByte(VERSION).writeVarint(shard);
    switch (this) {
      case Commit(var part, var limit) -> {
        to.writeByte(1).writeVarint(limit.toMillis());
        PartEncoding.write(to, part);
      }
      case Hold(var transaction, var part, var limit) -> {
        to.writeByte(2).writeVarint(limit.toMillis()).writeBytes(transaction);
        PartEncoding.write(to, part);
      }
      case Release(var transaction) -> to.writeByte(3).writeBytes(transaction);
      case Prepare(var transaction, var slot) ->
          to.writeByte(4).writeBytes(transaction).writeVarint(slot);
      case Apply(var transaction) -> to.writeByte(5).writeBytes(transaction);
      case Decide(var verdict) -> {
        to.writeByte(6).writeBytes(verdict.transaction()).writeFixed64(verdict.fingerprint());
        to.writeByte(verdict.takesPart() ? 1 : 0).writeVarint(verdict.preparedSlots().size());
        verdict.preparedSlots().forEach(to::writeVarint);
        PartEncoding.write(to, verdict.whole());
      }
      case Outcome(var transaction) -> to.writeByte(7).writeBytes(transaction);
      case Resolve(var transaction, var commitTime) ->
          to.writeByte(8).writeBytes(transaction).writeVarint(commitTime);
      case Put(var command) -> to.writeByte(9).writeBytes(encode(command));
      case Index(var command) -> to.writeByte(10).writeBytes(encode(command));
      case Enter(var index, var entities) ->
          write(to.writeByte(11).writeBytes(encode(new Command.PutIndex(index))), entities);
      case RemoveEntries(var entries) -> write(to.writeByte(12), entries);
      case Settle() -> to.writeByte(13);
      case Pass(var micros, var term, var applied, var keys) ->
          write(to.writeByte(20).writeVarint(micros).writeVarint(term).writeVarint(applied), keys);
      case Lock(var transaction, var keys, var limit) ->
          write(
              to.writeByte(21).writeBytes(transaction.bytes()).writeVarint(limit.toMillis()), keys);
      case Keep(var transactions) ->
          write(to.writeByte(22), transactions.stream().map(TransactionId::bytes).toList());
      case End(var transaction) -> to.writeByte(23).writeBytes(transaction.bytes());
      case Wound(var transaction) -> to.writeByte(24).writeBytes(transaction.bytes());
    }
    return to.toBytes();
  }

  private static void write(EntryWriter to, List<Bytes> all) {
    to.writeVarint(all.size());
    all.forEach(to::writeBytes);
  }

  private static byte[] encode(Command command) {
    return EntryEncoding.encode(new Entry(0, 0, List.of(command)));
  }

  /** Which shard it is about, and what is left to read. */
  record About(int shard, EntryReader rest) {}

  /** Throws CorruptBytesException when the bytes are none of a known version. */
  static About about(byte[] bytes) {
    var from = new EntryReader(bytes, "question to a shard");
    int version = from.readByte();
    if (version != VERSION) {
      throw from.corrupt("has the unknown version " + version);
    }
    return new About(from.readInt(), from);
  }

  /** The rest of a question; see {@link PartEncoding#read}. */
  static ShardQuestion read(About about, Function<TransactionId, LockOwner> owners) {
    EntryReader from = about.rest();
    int tag = from.readByte();
    return switch (tag) {
      case 1 -> {
        Duration limit = Duration.ofMillis(from.readVarint());
        yield new Commit(PartEncoding.read(from, about.shard(), owners), limit);
      }
      case 2 -> {
        Duration limit = Duration.ofMillis(from.readVarint());
        yield new Hold(from.readBytes(), PartEncoding.read(from, about.shard(), owners), limit);
      }
      case 3 -> new Release(from.readBytes());
      case 4 -> new Prepare(from.readBytes(), from.readInt());
      case 5 -> new Apply(from.readBytes());
      case 6 -> new Decide(readVerdict(from));
      case 7 -> new Outcome(from.readBytes());
      case 8 -> new Resolve(from.readBytes(), from.readVarint());
      case 9 -> new Put(readCommand(from));
      case 10 -> new Index(readCommand(from));
      case 11 -> {
        if (readCommand(from) instanceof Command.PutIndex(var index)) {
          yield new Enter(index, readAll(from));
        }
        throw from.corrupt("names no index");
      }
      case 12 -> new RemoveEntries(readAll(from));
      case 13 -> new Settle();
      case 20 -> new Pass(from.readVarint(), from.readVarint(), from.readVarint(), readAll(from));
      case 21 -> {
        var transaction = new TransactionId(from.readBytes());
        Duration limit = Duration.ofMillis(from.readVarint());
        yield new Lock(transaction, readAll(from), limit);
      }
      case 22 -> new Keep(readAll(from).stream().map(TransactionId::new).toList());
      case 23 -> new End(new TransactionId(from.readBytes()));
      case 24 -> new Wound(new TransactionId(from.readBytes()));
      default -> throw from.corrupt("has the unknown tag " + tag);
    };
  }

  private static Shard.Verdict readVerdict(EntryReader from) {
    Bytes transaction = from.readBytes();
    long fingerprint = from.readFixed64();
    boolean takesPart = from.readByte() == 1;
    int count = from.readCount();
    var slots = new ArrayList<Integer>(count);
    for (int i = 0; i < count; i++) {
      slots.add(from.readInt());
    }
    return new Shard.Verdict(
        transaction, fingerprint, PartEncoding.readEvaluated(from), takesPart, slots);
  }

  private static Command readCommand(EntryReader from) {
    List<Command> commands = EntryEncoding.decode(from.readByteArray()).commands();
    if (commands.size() != 1) {
      throw from.corrupt("has " + commands.size() + " commands instead of one");
    }
    return commands.getFirst();
  }

  private static List<Bytes> readAll(EntryReader from) {
    int count = from.readCount();
    var all = new ArrayList<Bytes>(count);
    for (int i = 0; i < count; i++) {
      all.add(from.readBytes());
    }
    return all;
  }
}
