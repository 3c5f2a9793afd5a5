package dev.kindstead.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.model.Key;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Row keys: any bytes are a key or corrupt, and bytes sort as the keys do. */
final class KeyFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptBytesException.class);

  static Stream<byte[]> keys() {
    RandomEntities random = new RandomEntities(1);
    return IntStream.range(0, 20).mapToObj(_ -> KeyEncoding.entityKey(random.key()));
  }

  @MethodSource("keys")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void rowKey(byte[] bytes) {
    Key key = BYTES.comesBack(bytes, KeyEncoding::decodeEntityKey, KeyEncoding::entityKey);
    if (key != null) {
      assertThat(KeyEncoding.decodeEntityKey(KeyEncoding.entityKey(key))).isEqualTo(key);
      assertThat(KeyEncoding.entityKey(key)).isEqualTo(bytes);
    }
  }

  /** Two keys in one input: the first byte tells where the second one begins. */
  static Stream<byte[]> pairs() {
    RandomEntities random = new RandomEntities(2);
    return IntStream.range(0, 20)
        .mapToObj(_ -> {
          byte[] first = KeyEncoding.entityKey(random.key());
          byte[] second = KeyEncoding.entityKey(random.key());
          byte[] pair = new byte[1 + first.length + second.length];
          pair[0] = (byte) first.length;
          System.arraycopy(first, 0, pair, 1, first.length);
          System.arraycopy(second, 0, pair, 1 + first.length, second.length);
          return pair;
        });
  }

  @MethodSource("pairs")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void orderOfRowKeys(byte[] bytes) {
    int end = bytes.length == 0 ? 0 : 1 + (bytes[0] & 0xFF);
    if (end == 0 || end > bytes.length) {
      return;
    }
    Key left = BYTES.read(Arrays.copyOfRange(bytes, 1, end), KeyEncoding::decodeEntityKey);
    Key right =
        BYTES.read(Arrays.copyOfRange(bytes, end, bytes.length), KeyEncoding::decodeEntityKey);
    if (left != null && right != null) {
      int ofBytes =
          Arrays.compareUnsigned(KeyEncoding.entityKey(left), KeyEncoding.entityKey(right));
      assertThat(Integer.signum(ofBytes))
          .isEqualTo(Integer.signum(ApiOrder.KEYS.compare(left, right)));
    }
  }
}
