package dev.kindstead.transaction;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.RandomEntities;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.PropertyTransform;
import dev.kindstead.model.Value;
import dev.kindstead.replication.Command;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What nodes ask each other's shards, and answer: any bytes are that or corrupt. */
final class ShardQuestionFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptBytesException.class);
  private static final Bytes ID = Bytes.of(new byte[] {1, 2, 3});
  private static final int SHARD = 3;

  static Stream<byte[]> questions() {
    Key key = new RandomEntities(8).key();
    Key incomplete = new Key(key.partition(), List.of(PathElement.incomplete("K")));
    var verdict =
        new Shard.Verdict(ID, 9, new Evaluated(List.of(), List.of(), 2, 40), true, List.of(1, 2));
    return Stream.<ShardQuestion>of(
            new ShardQuestion.Commit(part(key, key), Duration.ofSeconds(1)),
            new ShardQuestion.Commit(part(key, incomplete), Duration.ofSeconds(1)),
            new ShardQuestion.Hold(ID, part(key, key), Duration.ofSeconds(1)),
            new ShardQuestion.Release(ID),
            new ShardQuestion.Prepare(ID, 16_383),
            new ShardQuestion.Decide(verdict),
            new ShardQuestion.Resolve(ID, 8),
            new ShardQuestion.Put(new Command.CollectGarbage(5)),
            new ShardQuestion.RemoveEntries(List.of(ID)),
            new ShardQuestion.Settle(),
            new ShardQuestion.Pass(5, 2, 4, List.of(ID)),
            new ShardQuestion.Lock(new TransactionId(ID), List.of(ID), Duration.ofMillis(3)),
            new ShardQuestion.Keep(List.of(new TransactionId(ID))))
        .map(question -> question.encode(SHARD));
  }

  /** A commit with every part of a mutation. */
  private static CommitPart part(Key row, Key named) {
    Value one = Value.of(new Value.IntegerValue(1));
    var mutation =
        new Mutation(
            Mutation.Operation.UPSERT,
            named,
            new Entity(named, Map.of("a", one)),
            new Mutation.BaseVersion(7),
            Mutation.Resolution.FAIL,
            List.of(new PropertyPath(List.of("a", "b"))),
            List.of(
                new PropertyTransform(
                    new PropertyPath(List.of("a")), new PropertyTransform.Increment(one)),
                new PropertyTransform(
                    new PropertyPath(List.of("l")),
                    new PropertyTransform.AppendMissingElements(List.of(one, one)))));
    var write =
        new CommitPart.Write(
            0, mutation, Bytes.of(KeyEncoding.entityKey(row)), CommitRouting.slotOf(row), true);
    var owner = new LockOwner(new TransactionId(ID), 5);
    return CommitPart.of(SHARD, ID, owner, 9, 5, List.of(write), ReadPart.NOTHING);
  }

  @MethodSource("questions")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void question(byte[] bytes) {
    BYTES.comesBack(bytes, ShardQuestionFuzzTest::read, question -> question.encode(SHARD));
  }

  private static ShardQuestion read(byte[] bytes) {
    return ShardQuestion.read(ShardQuestion.about(bytes), id -> new LockOwner(id, 5));
  }

  static Stream<byte[]> answers() {
    return Stream.of(
        ShardAnswer.done(new byte[] {1}),
        ShardAnswer.failed(new DatastoreException(Code.ABORTED, "no")),
        ShardAnswer.failed(new Evaluation.IdTakenException()));
  }

  @MethodSource("answers")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void answer(byte[] bytes) {
    AnyBytes.refusedWith(
            CorruptBytesException.class,
            DatastoreException.class,
            Evaluation.IdTakenException.class)
        .read(bytes, ShardAnswer::read);
  }
}
