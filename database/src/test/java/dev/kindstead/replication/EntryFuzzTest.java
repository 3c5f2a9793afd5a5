package dev.kindstead.replication;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.encoding.CorruptBytesException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Log entries: any bytes are one or corrupt. */
final class EntryFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptBytesException.class);

  /** Every command, together and alone. */
  static Stream<byte[]> entries() {
    return Stream.concat(
            Stream.of(EntryMisreadTest.COMMANDS), EntryMisreadTest.COMMANDS.stream().map(List::of))
        .map(commands -> EntryEncoding.encode(new Entry(3, 300, commands)));
  }

  @MethodSource("entries")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void entry(byte[] bytes) {
    BYTES.comesBack(bytes, EntryEncoding::decode, EntryEncoding::encode);
  }
}
