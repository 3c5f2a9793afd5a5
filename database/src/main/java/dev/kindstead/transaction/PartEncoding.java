package dev.kindstead.transaction;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.MutationResult;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.EntryWriter;
import dev.kindstead.replication.RangeEncoding;
import dev.kindstead.transaction.CommitPart.Write;
import dev.kindstead.transaction.Evaluated.OrdinalResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A commit's part on its way to the shard's leader, and what it comes to on its way back. Layout:
 * docs/formats/node-messages.md.
 */
final class PartEncoding {
  private static final int HAS_ID = 1;
  private static final int HAS_OWNER = 2;

  private PartEncoding() {}

  static void write(EntryWriter to, CommitPart part) {
    Bytes id = part.id();
    to.writeByte((id == null ? 0 : HAS_ID) | (part.owner() == null ? 0 : HAS_OWNER));
    if (id != null) {
      to.writeBytes(id);
    }
    to.writeFixed64(part.fingerprint()).writeVarint(part.age());
    to.writeVarint(part.writes().size());
    for (Write write : part.writes()) {
      to.writeVarint(write.ordinal()).writeByte(write.allocated() ? 1 : 0);
      MutationEncoding.write(to, write.mutation(), UnaryOperator.identity());
    }
    write(to, part.reads());
  }

  private static void write(EntryWriter to, ReadPart reads) {
    to.writeVarint(reads.snapshot()).writeVarint(reads.keys().size());
    reads.keys().forEach((key, version) -> to.writeBytes(key).writeVarint(version));
    RangeEncoding.write(to, reads.ranges());
  }

  /**
   * Throws CorruptBytesException when there is none.
   *
   * @param owners what stands for a transaction here
   */
  static CommitPart read(EntryReader from, int shard, Function<TransactionId, LockOwner> owners) {
    int flags = from.readByte();
    Bytes id = (flags & HAS_ID) == 0 ? null : from.readBytes();
    LockOwner owner =
        (flags & HAS_OWNER) == 0 || id == null ? null : owners.apply(new TransactionId(id));
    long fingerprint = from.readFixed64();
    long age = from.readVarint();
    int count = from.readCount();
    var writes = new ArrayList<Write>(count);
    for (int i = 0; i < count; i++) {
      int ordinal = from.readInt();
      boolean allocated = from.readByte() == 1;
      Mutation mutation = MutationEncoding.read(from);
      Key key = mutation.key();
      Bytes row = Bytes.of(KeyEncoding.entityKey(key));
      writes.add(new Write(ordinal, mutation, row, CommitRouting.slotOf(key), allocated));
    }
    return CommitPart.of(shard, id, owner, fingerprint, age, writes, readReads(from));
  }

  private static ReadPart readReads(EntryReader from) {
    long snapshot = from.readVarint();
    int count = from.readCount();
    var keys = new LinkedHashMap<Bytes, Long>();
    for (int i = 0; i < count; i++) {
      keys.put(from.readBytes(), from.readVarint());
    }
    return new ReadPart(snapshot, keys, RangeEncoding.read(from));
  }

  /** Without its changes. */
  static void write(EntryWriter to, Evaluated evaluated) {
    var results = evaluated.results().stream().map(OrdinalResult::result).toList();
    var answer = new CommitResult(results, evaluated.indexUpdates(), 0);
    to.writeBytes(AnswerEncoding.encode(answer, 0));
    evaluated.results().forEach(result -> to.writeVarint(result.ordinal()));
    to.writeVarint(evaluated.answerBytes());
  }

  static Evaluated readEvaluated(EntryReader from) {
    CommitResult answer = AnswerEncoding.decode(from.readByteArray()).result();
    var results = new ArrayList<OrdinalResult>();
    for (MutationResult result : answer.results()) {
      results.add(new OrdinalResult(from.readInt(), result));
    }
    return new Evaluated(List.of(), results, answer.indexUpdates(), from.readVarint());
  }
}
