package dev.kindstead.transaction;

import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.MutationResult;
import dev.kindstead.model.Value;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.EntryWriter;
import dev.kindstead.replication.StoredOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A commit's answer as the log keeps it. Layout: docs/formats/transaction-space.md. */
final class AnswerEncoding {
  private static final int VERSION = 2;
  private static final int HAS_KEY = 1;
  private static final int HAS_CONFLICT = 2;
  private static final int HAS_TRANSFORM_RESULTS = 4;

  /** Flags, three numbers and the lengths of what follows. */
  private static final int RESULT_BYTES = 40;

  /** A number with its place as the name. */
  private static final int TRANSFORM_RESULT_BYTES = 32;

  private AnswerEncoding() {}

  /** A decoded answer, and what {@link RequestFingerprint} makes of the request it answers. */
  record StoredAnswer(CommitResult result, long fingerprint) {}

  static byte[] encode(CommitResult answer, long fingerprint) {
    var writer = new EntryWriter(32 + 32 * answer.results().size()).writeByte(VERSION);
    writer.writeFixed64(fingerprint);
    writer.writeVarint(answer.commitTime()).writeVarint(answer.indexUpdates());
    writer.writeVarint(answer.results().size());
    for (MutationResult result : answer.results()) {
      Key key = result.key();
      int flags = key == null ? 0 : HAS_KEY;
      flags |= result.conflictDetected() ? HAS_CONFLICT : 0;
      flags |= result.transformResults().isEmpty() ? 0 : HAS_TRANSFORM_RESULTS;
      writer.writeByte(flags).writeVarint(result.version());
      writer.writeVarint(result.createTime()).writeVarint(result.updateTime());
      if (key != null) {
        writer.writeBytes(KeyEncoding.entityKey(key));
      }
      if (!result.transformResults().isEmpty()) {
        writer.writeBytes(encodeValues(result.transformResults()));
      }
    }
    return writer.toBytes();
  }

  /**
   * How long a result's part of the answer may be.
   *
   * @param keyBytes of its encoded key
   */
  static long expectedBytes(MutationResult result, int keyBytes) {
    long bytes = RESULT_BYTES + (result.key() == null ? 0 : keyBytes);
    return bytes + (long) TRANSFORM_RESULT_BYTES * result.transformResults().size();
  }

  static StoredAnswer decode(byte[] bytes) {
    var reader = new EntryReader(bytes, "commit answer");
    if (reader.readByte() != VERSION) {
      throw reader.corrupt("has an unknown version");
    }
    long fingerprint = reader.readFixed64();
    long commitTime = reader.readVarint();
    int indexUpdates = reader.readInt();
    int count = reader.readCount();
    var results = new ArrayList<MutationResult>(count);
    for (int i = 0; i < count; i++) {
      int flags = reader.readByte();
      long version = reader.readVarint();
      long createTime = reader.readVarint();
      long updateTime = reader.readVarint();
      boolean hasKey = (flags & HAS_KEY) != 0;
      @Nullable Key key = hasKey ? KeyEncoding.decodeEntityKey(reader.readByteArray()) : null;
      boolean hasValues = (flags & HAS_TRANSFORM_RESULTS) != 0;
      List<Value> values = hasValues ? decodeValues(reader.readByteArray()) : List.of();
      boolean conflict = (flags & HAS_CONFLICT) != 0;
      results.add(new MutationResult(key, version, createTime, updateTime, conflict, values));
    }
    return new StoredAnswer(new CommitResult(results, indexUpdates, commitTime), fingerprint);
  }

  /**
   * What a commit answers that was looked up.
   *
   * @param failure when the log could not be asked
   */
  static CommitResult answerOf(@Nullable StoredOutcome outcome, @Nullable Throwable failure) {
    if (outcome == null) {
      throw TransactionErrors.unknownOutcome();
    }
    return answerOf(outcome);
  }

  /** What a repeated commit answers; ABORTED when the log says that it never commits. */
  static CommitResult answerOf(StoredOutcome outcome) {
    return switch (outcome) {
      case StoredOutcome.Committed(var _, var answer) when answer.length == 0 ->
          throw TransactionErrors.unknownOutcome(); // its time is over, the decision's not
      case StoredOutcome.Committed(var _, var answer) -> decode(answer).result();
      case StoredOutcome.Aborted() -> throw TransactionErrors.lost();
    };
  }

  private static byte[] encodeValues(List<Value> values) {
    var properties = new LinkedHashMap<String, Value>();
    for (int i = 0; i < values.size(); i++) {
      properties.put(Integer.toString(i), values.get(i));
    }
    return EntityEncoding.encode(new Entity(null, properties));
  }

  private static List<Value> decodeValues(byte[] bytes) {
    var properties = EntityEncoding.decode(bytes).properties();
    var values = new ArrayList<Value>(properties.size());
    for (int i = 0; i < properties.size(); i++) {
      Value value = properties.get(Integer.toString(i));
      if (value == null) {
        throw new CorruptBytesException("a commit's answer that lacks a transform's result");
      }
      values.add(value);
    }
    return values;
  }
}
