package dev.kindstead.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.NullValue;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.type.LatLng;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.BlobValue;
import dev.kindstead.model.Value.BooleanValue;
import dev.kindstead.model.Value.DoubleValue;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.model.Value.GeoPointValue;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.model.Value.KeyValue;
import dev.kindstead.model.Value.StringValue;
import dev.kindstead.model.Value.TimestampValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Stored entities go to clients unparsed: they must be what the generated classes read. */
class EntityRoundTripTest {
  private static final Key KEY =
      new Key(new PartitionId("p", "d", "n"), List.of(PathElement.ofName("K", "k")));

  @Test
  void whatIsEncodedIsDecoded() {
    RandomEntities random = new RandomEntities(21);
    for (int i = 0; i < 20_000; i++) {
      Entity entity = random.entity();
      byte[] bytes = EntityEncoding.encode(entity);
      assertThat(EntityEncoding.decode(bytes)).isEqualTo(entity);
      assertThat(EntityEncoding.decode(bytes).properties().keySet())
          .containsExactlyElementsOf(entity.properties().keySet());
      assertThat(EntityEncoding.decodeKeyOnly(bytes)).isEqualTo(entity.key());
    }
  }

  @Test
  void theGeneratedClassesReadWhatIsEncoded() throws Exception {
    RandomEntities random = new RandomEntities(22);
    for (int i = 0; i < 5_000; i++) {
      Entity entity = random.entity();
      var parsed = com.google.datastore.v1.Entity.parseFrom(EntityEncoding.encode(entity));
      assertThat(parsed).isEqualTo(proto(entity));
      assertThat(EntityEncoding.decode(proto(entity).toByteArray())).isEqualTo(entity);
    }
  }

  @Test
  void theBitsOfDoublesSurvive() {
    for (long bits :
        new long[] {
          Double.doubleToRawLongBits(-0.0),
          0x7FF8000000000000L,
          0x7FF8000000000123L,
          0xFFF8000000000001L,
          1L
        }) {
      Entity entity = of("d", Value.of(new DoubleValue(Double.longBitsToDouble(bits))));
      var decoded = EntityEncoding.decode(EntityEncoding.encode(entity)).properties();
      assertThat(decoded.get("d"))
          .extracting(Value::content)
          .isInstanceOfSatisfying(
              DoubleValue.class,
              number -> assertThat(Double.doubleToRawLongBits(number.value())).isEqualTo(bits));
    }
  }

  @Test
  void timestampsSurviveOverTheWholeRange() {
    for (long micros :
        new long[] {Long.MIN_VALUE, -1_000_001, -1_000_000, -1, 0, 1, 999_999, Long.MAX_VALUE}) {
      Entity entity = of("t", Value.of(new TimestampValue(micros)));
      assertThat(EntityEncoding.decode(EntityEncoding.encode(entity))).isEqualTo(entity);
    }
  }

  @Test
  void anEmptyArrayIsNotNothing() throws Exception {
    byte[] bytes = EntityEncoding.encode(of("a", Value.of(new ArrayValue(List.of()))));
    var parsed = com.google.datastore.v1.Entity.parseFrom(bytes);
    assertThat(parsed.getPropertiesOrThrow("a").hasArrayValue()).isTrue();
  }

  @Test
  void largeAndManyProperties() {
    Map<String, Value> properties = new LinkedHashMap<>();
    properties.put("large", Value.of(new BlobValue(Bytes.of(new byte[1_000_000]))));
    for (int i = 0; i < 2_000; i++) {
      properties.put("p" + i, Value.of(new StringValue("é".repeat(i % 100))));
    }
    Entity entity = new Entity(KEY, properties);
    assertThat(EntityEncoding.decode(EntityEncoding.encode(entity))).isEqualTo(entity);
  }

  @Test
  void unknownFieldsAreTolerated() {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                100,
                UnknownFieldSet.Field.newBuilder()
                    .addVarint(7)
                    .addLengthDelimited(ByteString.copyFromUtf8("later"))
                    .addGroup(UnknownFieldSet.newBuilder().build())
                    .build())
            .build();
    Entity entity = of("i", Value.of(new IntegerValue(1)));
    var later =
        proto(entity).toBuilder()
            .setUnknownFields(unknown)
            .putProperties(
                "i",
                proto(Value.of(new IntegerValue(1))).toBuilder().setUnknownFields(unknown).build())
            .build();
    assertThat(EntityEncoding.decode(later.toByteArray())).isEqualTo(entity);
  }

  @Test
  void aKeyAloneIsAnEntityWithoutProperties() {
    byte[] bytes = EntityEncoding.encodeKeyOnly(KEY);
    assertThat(EntityEncoding.decode(bytes)).isEqualTo(new Entity(KEY, Map.of()));
    assertThat(EntityEncoding.decodeKeyOnly(bytes)).isEqualTo(KEY);
  }

  @Test
  void aReadMaskKeepsWhatItNames() {
    Entity inner =
        new Entity(
            null, Map.of("b", Value.of(new IntegerValue(1)), "c", Value.of(new IntegerValue(2))));
    Map<String, Value> properties = new LinkedHashMap<>();
    properties.put("x", Value.of(new BooleanValue(true)));
    properties.put("a", new Value(new EntityValue(inner), 19, true));
    byte[] stored = EntityEncoding.encode(new Entity(KEY, properties));

    assertThat(masked(stored, List.of("x")).properties()).containsOnlyKeys("x");
    assertThat(masked(stored, List.of("__key__"))).isEqualTo(new Entity(KEY, Map.of()));
    assertThat(masked(stored, List.of("a", "b")))
        .isEqualTo(
            of(
                "a",
                new Value(
                    new EntityValue(new Entity(null, Map.of("b", Value.of(new IntegerValue(1))))),
                    19,
                    true)));
    assertThat(masked(stored, List.of("a", "z")).properties()).isEmpty();
    assertThat(masked(stored, List.of("x", "b")).properties()).isEmpty();
  }

  private static Entity masked(byte[] stored, List<String> path) {
    return EntityEncoding.decode(EntityEncoding.project(stored, List.of(new PropertyPath(path))));
  }

  private static Entity of(String name, Value value) {
    return new Entity(KEY, Map.of(name, value));
  }

  private static com.google.datastore.v1.Entity proto(Entity entity) {
    var builder = com.google.datastore.v1.Entity.newBuilder();
    if (entity.key() != null) {
      builder.setKey(proto(entity.key()));
    }
    entity.properties().forEach((name, value) -> builder.putProperties(name, proto(value)));
    return builder.build();
  }

  private static com.google.datastore.v1.Key proto(Key key) {
    var builder = com.google.datastore.v1.Key.newBuilder();
    builder
        .getPartitionIdBuilder()
        .setProjectId(key.partition().project())
        .setDatabaseId(key.partition().database())
        .setNamespaceId(key.partition().namespace());
    for (PathElement element : key.path()) {
      var path = builder.addPathBuilder().setKind(element.kind());
      if (element.name() != null) {
        path.setName(element.name());
      } else if (element.isComplete()) {
        path.setId(element.id());
      }
    }
    return builder.build();
  }

  private static com.google.datastore.v1.Value proto(Value value) {
    var builder =
        com.google.datastore.v1.Value.newBuilder()
            .setMeaning(value.meaning())
            .setExcludeFromIndexes(value.excludeFromIndexes());
    switch (value.content()) {
      case Value.NullValue _ -> builder.setNullValue(NullValue.NULL_VALUE);
      case BooleanValue bool -> builder.setBooleanValue(bool.value());
      case IntegerValue integer -> builder.setIntegerValue(integer.value());
      case DoubleValue number -> builder.setDoubleValue(number.value());
      case StringValue string -> builder.setStringValue(string.value());
      case BlobValue blob -> builder.setBlobValue(ByteString.copyFrom(blob.bytes().array()));
      case KeyValue key -> builder.setKeyValue(proto(key.key()));
      case EntityValue nested -> builder.setEntityValue(proto(nested.entity()));
      case TimestampValue timestamp ->
          builder.setTimestampValue(
              Timestamp.newBuilder()
                  .setSeconds(Math.floorDiv(timestamp.micros(), 1_000_000))
                  .setNanos((int) Math.floorMod(timestamp.micros(), 1_000_000L) * 1_000));
      case GeoPointValue point ->
          builder.setGeoPointValue(
              LatLng.newBuilder().setLatitude(point.latitude()).setLongitude(point.longitude()));
      case ArrayValue array -> {
        var elements = com.google.datastore.v1.ArrayValue.newBuilder();
        array.values().forEach(element -> elements.addValues(proto(element)));
        builder.setArrayValue(elements);
      }
    }
    return builder.build();
  }
}
