package dev.kindstead.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.model.Value.Content;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Index entries: any bytes are what they should be or corrupt, and bytes sort as values do. */
final class IndexEntryFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptBytesException.class);
  private static final List<EntrySuffix> SUFFIXES =
      List.of(
          EntrySuffix.PATH,
          EntrySuffix.VALUE_AND_PATH,
          new EntrySuffix(List.of(false, true), false, true),
          new EntrySuffix(List.of(true), true, true));

  /** Values one behind the other. */
  static Stream<byte[]> values() {
    RandomEntities random = new RandomEntities(4);
    return IntStream.range(0, 40)
        .mapToObj(_ -> together(value(random.indexable()), value(random.indexable())));
  }

  @MethodSource("values")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void orderOfValues(byte[] bytes) {
    Content left = BYTES.comesBack(bytes, IndexEntryFuzzTest::value, IndexEntryFuzzTest::value);
    if (left == null) {
      return;
    }
    byte[] rest =
        Arrays.copyOfRange(bytes, IndexKeyEncoding.pathOffset(bytes, 0, false), bytes.length);
    Content right = BYTES.read(rest, IndexEntryFuzzTest::value);
    if (right != null) {
      int ofBytes = Arrays.compareUnsigned(order(left), order(right));
      assertThat(Integer.signum(ofBytes))
          .isEqualTo(Integer.signum(ApiOrder.compareValues(left, right)));
    }
  }

  private static Content value(byte[] bytes) {
    return IndexKeyEncoding.decodeValue(bytes, 0);
  }

  private static byte[] value(Content value) {
    return CompositeKeyEncoding.value(value);
  }

  private static byte[] order(Content value) {
    OrderedWriter writer = new OrderedWriter(16);
    ValueEncoding.putOrder(writer, value);
    return writer.toByteArray();
  }

  /** Which suffix, then its bytes. */
  static Stream<byte[]> suffixes() {
    RandomEntities random = new RandomEntities(5);
    return IntStream.range(0, 40)
        .mapToObj(i -> {
          int kind = i % SUFFIXES.size();
          EntrySuffix suffix = SUFFIXES.get(kind);
          byte[][] components = new byte[suffix.size()][];
          Arrays.setAll(components, _ -> value(random.indexable()));
          components[suffix.size() - 1] = CompositeKeyEncoding.path(random.key());
          return suffix.join(new byte[] {(byte) kind}, components);
        });
  }

  @MethodSource("suffixes")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void suffix(byte[] bytes) {
    if (bytes.length > 0) {
      EntrySuffix suffix = SUFFIXES.get((bytes[0] & 0xFF) % SUFFIXES.size());
      byte[] prefix = {bytes[0]};
      byte[][] components =
          BYTES.comesBack(
              bytes, entry -> suffix.split(entry, 1), parts -> suffix.join(prefix, parts));
      assertThat(components == null ? bytes : suffix.join(prefix, components)).isEqualTo(bytes);
      readNames(bytes);
    }
  }

  /** What metadata queries read of entries, and which bytes they go on behind. */
  private static void readNames(byte[] bytes) {
    @Nullable Integer end = BYTES.read(bytes, entry -> IndexNames.endOfName(entry, 1));
    BYTES.read(bytes, entry -> IndexNames.name(entry, 1));
    BYTES.read(bytes, CompositeKeyEncoding::index);
    if (end != null && BYTES.read(bytes, entry -> IndexNames.representation(entry, end)) != null) {
      assertThat(Arrays.compareUnsigned(IndexNames.afterType(bytes, end), bytes)).isPositive();
    }
  }

  private static byte[] together(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
