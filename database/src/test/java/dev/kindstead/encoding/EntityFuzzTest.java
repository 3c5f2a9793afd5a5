package dev.kindstead.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.DoubleValue;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Stored entities: any bytes are an entity or corrupt, and a vector is seen as it is stored. */
final class EntityFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptBytesException.class);
  private static final String VECTOR = "v";
  private static final int DIMENSIONS = 2;
  private static final int MEANING_VECTOR = 31;

  static Stream<byte[]> entities() {
    RandomEntities random = new RandomEntities(3);
    Entity vector =
        new Entity(
            random.key(),
            Map.of(
                VECTOR,
                new Value(
                    new ArrayValue(
                        List.of(Value.of(new DoubleValue(1)), Value.of(new DoubleValue(-2)))),
                    MEANING_VECTOR,
                    true)));
    return Stream.concat(Stream.of(vector), IntStream.range(0, 30).mapToObj(_ -> random.entity()))
        .map(EntityEncoding::encode);
  }

  @MethodSource("entities")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void entity(byte[] bytes) {
    Entity entity = BYTES.comesBack(bytes, EntityEncoding::decode, EntityEncoding::encode);
    BYTES.read(bytes, EntityEncoding::decodeKeyOnly);
    BYTES.read(bytes, anything -> new VectorReader(VECTOR, DIMENSIONS).read(anything) != null);
    if (entity != null) {
      byte[] written = EntityEncoding.encode(entity);
      assertThat(EntityEncoding.decode(written)).isEqualTo(entity);
      Value value = entity.properties().get(VECTOR);
      double[] vector = value == null ? null : vector(value);
      assertThat(new VectorReader(VECTOR, DIMENSIONS).read(written)).isEqualTo(vector);
    }
  }

  private static double @Nullable [] vector(Value value) {
    if (value.meaning() != MEANING_VECTOR
        || !(value.content() instanceof ArrayValue(List<Value> elements))
        || elements.size() != DIMENSIONS
        || !elements.stream().allMatch(each -> each.content() instanceof DoubleValue)) {
      return null;
    }
    return elements.stream().mapToDouble(each -> ((DoubleValue) each.content()).value()).toArray();
  }
}
