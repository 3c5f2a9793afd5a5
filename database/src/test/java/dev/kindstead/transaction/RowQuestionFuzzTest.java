package dev.kindstead.transaction;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.model.Bytes;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.storage.RowPage;
import dev.kindstead.storage.RowRange;
import dev.kindstead.storage.Space;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What nodes ask each other about rows, and answer: any bytes are that or corrupt. */
final class RowQuestionFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptBytesException.class);
  private static final byte[] KEY = {1, 2, 3};
  private static final int SHARD = 3;

  static Stream<byte[]> questions() {
    List<Bytes> keys = List.of(Bytes.of(KEY), Bytes.EMPTY);
    return Stream.<RowQuestion>of(
            new RowQuestion.Fetch(5, 2, keys),
            new RowQuestion.LookUp(5, 900, keys),
            new RowQuestion.Scan(
                5, 900, new RowRange(Space.INDEX, KEY, new byte[0], true), RowPage.ROWS_MAX),
            new RowQuestion.Changed(5, 900, 4, KEY, new byte[0]),
            new RowQuestion.Member(),
            new RowQuestion.Indexes())
        .map(question -> question.encode(SHARD));
  }

  @MethodSource("questions")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void question(byte[] bytes) {
    BYTES.comesBack(bytes, RowQuestion::decode, about -> about.question().encode(about.shard()));
  }

  static Stream<byte[]> answers() {
    return Stream.of(
        RowAnswers.encode(new RowAnswers.Fetched(7, true, List.of(KEY, new byte[0]))),
        RowAnswers.encodeRows(List.of(KEY)),
        RowAnswers.encode(new RowPage(List.of(KEY), List.of(KEY), false)),
        RowAnswers.encodeChanged(Optional.of(Set.of(Bytes.of(KEY)))),
        RowAnswers.encodeChanged(Optional.empty()),
        RowAnswers.encodeIndexes(List.of()));
  }

  @MethodSource("answers")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void page(byte[] bytes) {
    BYTES.comesBack(bytes, read -> RowAnswers.readPage(reader(read)), RowAnswers::encode);
  }

  @MethodSource("answers")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void fetched(byte[] bytes) {
    BYTES.comesBack(bytes, read -> RowAnswers.readFetched(reader(read)), RowAnswers::encode);
  }

  @MethodSource("answers")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void changed(byte[] bytes) {
    BYTES.comesBack(bytes, read -> RowAnswers.readChanged(reader(read)), RowAnswers::encodeChanged);
  }

  @MethodSource("answers")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void indexes(byte[] bytes) {
    BYTES.comesBack(bytes, read -> RowAnswers.readIndexes(reader(read)), RowAnswers::encodeIndexes);
  }

  private static EntryReader reader(byte[] bytes) {
    return new EntryReader(bytes, "answer about rows");
  }
}
