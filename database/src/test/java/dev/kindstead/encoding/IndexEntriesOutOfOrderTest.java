package dev.kindstead.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value.BlobValue;
import dev.kindstead.model.Value.BooleanValue;
import dev.kindstead.model.Value.Content;
import dev.kindstead.model.Value.DoubleValue;
import dev.kindstead.model.Value.GeoPointValue;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.model.Value.KeyValue;
import dev.kindstead.model.Value.NullValue;
import dev.kindstead.model.Value.StringValue;
import dev.kindstead.model.Value.TimestampValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Index entries that sort or read back wrong make queries skip, repeat or misplace entities. */
class IndexEntriesOutOfOrderTest {
  private static final int ROUNDS = 20_000;

  private final RandomEntities random = new RandomEntities(11);

  @Test
  void entriesSortByValueAndThenByKey() {
    for (int i = 0; i < ROUNDS; i++) {
      Key left = random.key();
      Key right = ofSameKind(left, random.key());
      Content leftValue = random.indexable();
      Content rightValue = random.random().nextInt(3) == 0 ? leftValue : random.indexable();

      int expected = ApiOrder.compareValues(leftValue, rightValue);
      if (expected == 0 && !leftValue.getClass().equals(rightValue.getClass())) {
        continue; // merged types: only their neighbours' order is defined
      }
      if (expected == 0) {
        expected = ApiOrder.KEYS.compare(left, right);
      }
      int actual =
          Arrays.compareUnsigned(
              IndexKeyEncoding.propertyEntry(left, "p", leftValue),
              IndexKeyEncoding.propertyEntry(right, "p", rightValue));
      assertThat(Integer.signum(actual))
          .as("%s %s and %s %s", leftValue, left, rightValue, right)
          .isEqualTo(Integer.signum(expected));
    }
  }

  @Test
  void entriesReadBack() {
    for (int i = 0; i < ROUNDS; i++) {
      Key key = random.key();
      PartitionId partition = key.partition();
      Content value = random.indexable();
      byte[] entry = IndexKeyEncoding.propertyEntry(key, "a.b", value);
      byte[] prefix = IndexKeyEncoding.propertyPrefix(partition, key.kind(), "a.b");

      assertThat(ByteOrder.startsWith(entry, prefix)).isTrue();
      assertThat(IndexKeyEncoding.decodeKey(entry, prefix.length, partition, false)).isEqualTo(key);
      assertThat(IndexKeyEncoding.decodeValue(entry, prefix.length))
          .isEqualTo(
              value instanceof TimestampValue timestamp
                  ? new IntegerValue(timestamp.micros())
                  : value);
      int offset = IndexKeyEncoding.pathOffset(entry, prefix.length, false);
      assertThat(IndexKeyEncoding.entityKey(KeyEncoding.partitionPrefix(partition), entry, offset))
          .isEqualTo(KeyEncoding.entityKey(key));

      byte[] kindEntry = IndexKeyEncoding.kindEntry(key);
      byte[] kindPrefix = IndexKeyEncoding.kindPrefix(partition, key.kind());
      assertThat(ByteOrder.startsWith(kindEntry, kindPrefix)).isTrue();
      assertThat(IndexKeyEncoding.decodeKey(kindEntry, kindPrefix.length, partition, true))
          .isEqualTo(key);
    }
  }

  @Test
  void aValuePrefixFindsExactlyTheEqualValues() {
    for (int i = 0; i < ROUNDS; i++) {
      Key key = random.key();
      Content value = random.indexable();
      Content sought = random.random().nextInt(3) == 0 ? value : random.indexable();
      byte[] entry = IndexKeyEncoding.propertyEntry(key, "p", value);
      byte[] exact = IndexKeyEncoding.propertyValuePrefix(key.partition(), key.kind(), "p", sought);
      byte[] range = IndexKeyEncoding.propertyRangePrefix(key.partition(), key.kind(), "p", sought);

      assertThat(ByteOrder.startsWith(entry, exact)).isEqualTo(value.equals(sought));
      int order = Integer.signum(ApiOrder.compareValues(value, sought));
      assertThat(ByteOrder.startsWith(entry, range)).isEqualTo(order == 0);
      assertThat(Arrays.compareUnsigned(entry, range) >= 0).isEqualTo(order >= 0);
      assertThat(Arrays.compareUnsigned(entry, ByteOrder.afterPrefix(range)) < 0)
          .isEqualTo(order <= 0);
    }
  }

  @Test
  void typesSortAsTheApiSays() {
    Key key = random.key();
    List<Content> ordered =
        List.of(
            NullValue.NULL,
            new IntegerValue(Long.MIN_VALUE),
            new TimestampValue(-1),
            new IntegerValue(0),
            new TimestampValue(5),
            new IntegerValue(6),
            new BooleanValue(false),
            new BooleanValue(true),
            new StringValue(""),
            new BlobValue(Bytes.of(new byte[] {'a'})),
            new StringValue("b"),
            new BlobValue(Bytes.of(new byte[] {(byte) 0xFF})),
            new DoubleValue(Double.NEGATIVE_INFINITY),
            new DoubleValue(-0.0),
            new DoubleValue(0.0),
            new DoubleValue(Double.POSITIVE_INFINITY),
            new DoubleValue(Double.NaN),
            new GeoPointValue(-90, 0),
            new GeoPointValue(0, -1),
            new KeyValue(key));
    List<byte[]> entries =
        ordered.stream().map(value -> IndexKeyEncoding.propertyEntry(key, "p", value)).toList();
    assertThat(entries).isSortedAccordingTo(ByteOrder.UNSIGNED);
  }

  @Test
  void propertiesAndKindsKeepApart() {
    PartitionId partition = new PartitionId("p", "", "");
    assertThat(ByteOrder.startsWith(prefix(partition, "K", "ab"), prefix(partition, "K", "a")))
        .isFalse();
    assertThat(ByteOrder.startsWith(prefix(partition, "KK", "a"), prefix(partition, "K", "a")))
        .isFalse();
  }

  private static byte[] prefix(PartitionId partition, String kind, String property) {
    return IndexKeyEncoding.propertyPrefix(partition, kind, property);
  }

  /** The path of {@code key} with kind and partition taken from {@code like}. */
  private static Key ofSameKind(Key like, Key key) {
    List<PathElement> path = new ArrayList<>(key.path());
    PathElement last = path.removeLast();
    path.add(new PathElement(like.kind(), last.id(), last.name()));
    return new Key(like.partition(), path);
  }
}
