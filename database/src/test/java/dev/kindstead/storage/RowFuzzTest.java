package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.encoding.CorruptBytesException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows, index entries and history's keys: any bytes are that or corrupt. */
final class RowFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptBytesException.class);

  static Stream<byte[]> stored() {
    return Stream.of(
        Rows.encode(new EntityRow(new byte[] {1, 2, 3}, 16_383, 5, Long.MAX_VALUE)),
        Rows.encodeIndexEntry(77, true, 1_700_000_000_000_000L),
        HistoryKeys.key(Space.CURRENT, new byte[] {1, 0, 0, -1, 2}, 1_700_000_000_000_000L),
        HistoryKeys.key(Space.INDEX, new byte[0], 0));
  }

  @MethodSource("stored")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void row(byte[] bytes) {
    BYTES.comesBack(bytes, Rows::decode, Rows::encode);
    BYTES.read(bytes, Rows::from);
    byte[] entry = BYTES.read(bytes, Rows::checkedIndexEntry);
    if (entry != null) {
      assertThat(Rows.encodeIndexEntry(Rows.slot(entry), Rows.multiValued(entry), Rows.from(entry)))
          .isEqualTo(entry);
    }
  }

  @MethodSource("stored")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void historyKey(byte[] bytes) {
    BYTES.read(bytes, HistoryKeys::bucketOf);
    Long until = BYTES.read(bytes, HistoryKeys::until);
    byte[] key = BYTES.read(bytes, HistoryKeys::plainKey);
    if (key != null && until != null) {
      byte[] written = HistoryKeys.key(HistoryKeys.bucketOf(bytes), Space.INDEX, key, until);
      assertThat(HistoryKeys.plainKey(written)).isEqualTo(key);
    }
  }
}
