package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that this cluster has not signed are no transaction's id. */
final class TransactionIdFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(DatastoreException.class);
  private static final TransactionIds IDS = ids();
  private static final Bytes MINTED = IDS.mint(1_700_000_000_000_000L, 5, true).bytes();

  private static TransactionIds ids() {
    return new TransactionIds(Bytes.of(new byte[] {1, 2, 3}), 1, 4);
  }

  static Stream<byte[]> minted() {
    return Stream.of(MINTED.array(), Arrays.copyOf(MINTED.array(), 35));
  }

  @MethodSource("minted")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void id(byte[] bytes) {
    TransactionIds.Content content =
        BYTES.read(bytes, any -> IDS.read(new TransactionId(Bytes.of(any))));
    assertThat(content != null).isEqualTo(Bytes.of(bytes).equals(MINTED));
  }
}
