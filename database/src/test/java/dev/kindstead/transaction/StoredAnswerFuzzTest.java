package dev.kindstead.transaction;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.encoding.RandomEntities;
import dev.kindstead.model.MutationResult;
import dev.kindstead.model.Value;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A commit's answer as the log keeps it: any bytes are one or corrupt. */
final class StoredAnswerFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptBytesException.class);

  static Stream<byte[]> answers() {
    var random = new RandomEntities(6);
    var plain = new MutationResult(null, 5, 0, 5, true, List.of());
    var full =
        new MutationResult(
            random.key(),
            9,
            8,
            9,
            false,
            List.of(Value.of(random.indexable()), Value.of(random.indexable())));
    return Stream.of(List.<MutationResult>of(), List.of(plain), List.of(full, plain))
        .map(results -> AnswerEncoding.encode(new CommitResult(results, 4, 9), 0x1234_5678_9ABCL));
  }

  @MethodSource("answers")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void answer(byte[] bytes) {
    BYTES.comesBack(
        bytes,
        AnswerEncoding::decode,
        answer -> AnswerEncoding.encode(answer.result(), answer.fingerprint()));
  }
}
