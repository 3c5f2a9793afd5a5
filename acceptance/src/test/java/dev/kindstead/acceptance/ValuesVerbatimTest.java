package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.NullValue;
import com.google.protobuf.Timestamp;
import com.google.type.LatLng;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes in comes out: no value is rounded, reordered, re-flagged or given another meaning. */
@Tag("shared")
@ExtendWith(SharedServer.class)
class ValuesVerbatimTest {
  private static final int MEANING_VECTOR = 31;
  private static final int MEANING_TEXT = 15;
  private static final int MEANING_BYTES = 14;
  private static final int MEANING_EMPTY_LIST = 24;

  private final RawGrpc grpc;
  private final Key key = Raw.key("Everything", "one");

  ValuesVerbatimTest(Endpoint server) {
    grpc = new RawGrpc(server, Projects.fresh());
  }

  @AfterEach
  void close() {
    grpc.close();
  }

  @Test
  void everyKindOfValueIsReadAsItWasWritten() {
    Entity written = Entity.newBuilder().setKey(key).putAllProperties(properties()).build();
    grpc.commit(Raw.upsert(written));

    assertSame(grpc.entity(key));
  }

  @Test
  void aQueryReturnsTheSame() {
    grpc.commit(Raw.upsert(Entity.newBuilder().setKey(key).putAllProperties(properties()).build()));

    var query = com.google.datastore.v1.Query.newBuilder();
    query.addKindBuilder().setName("Everything");

    assertSame(grpc.query(query.build()).getBatch().getEntityResults(0).getEntity());
  }

  /** Message equality tells -0.0 from 0.0 and takes NaN for itself. */
  private static void assertSame(Entity read) {
    Map<String, Value> expected = properties();
    assertThat(read.getPropertiesMap().keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, value) -> assertThat(read.getPropertiesOrThrow(name)).as(name).isEqualTo(value));
  }

  private static Map<String, Value> properties() {
    Map<String, Value> all = new TreeMap<>();
    all.put("null", Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build());
    all.put("true", Value.newBuilder().setBooleanValue(true).build());
    all.put("false", Value.newBuilder().setBooleanValue(false).build());
    all.put("zero", Raw.value(0L));
    all.put("int64 smallest", Raw.value(Long.MIN_VALUE));
    all.put("int64 greatest", Raw.value(Long.MAX_VALUE));
    all.put("beyond double", Raw.value((1L << 53) + 1));
    all.put("negative zero", Raw.value(-0.0));
    all.put("not a number", Raw.value(Double.NaN));
    all.put("infinity", Raw.value(Double.POSITIVE_INFINITY));
    all.put("negative infinity", Raw.value(Double.NEGATIVE_INFINITY));
    all.put("smallest double", Raw.value(Double.MIN_VALUE));
    all.put("greatest double", Raw.value(Double.MAX_VALUE));
    all.put("timestamp", timestamp(1_700_000_000L, 123_456_000));
    all.put("first timestamp", timestamp(-62_135_596_800L, 0));
    all.put("last timestamp", timestamp(253_402_300_799L, 999_999_000));
    all.put("empty string", Raw.value(""));
    all.put("unicode", Raw.value("\u0000ß水\uD83D\uDE80"));
    all.put("blob", Value.newBuilder().setBlobValue(ByteString.fromHex("00ff80")).build());
    all.put("empty blob", Value.newBuilder().setBlobValue(ByteString.EMPTY).build());
    all.put("geo point", geoPoint(-90, 180));
    all.put("empty array", Raw.array());
    all.put(
        "empty list of old",
        Value.newBuilder()
            .setNullValue(NullValue.NULL_VALUE)
            .setMeaning(MEANING_EMPTY_LIST)
            .build());
    all.put(
        "array",
        Raw.array(
            Raw.value(3L),
            Raw.value("2"),
            Raw.value(1.0),
            Raw.value(3L),
            excluded(Raw.value("x"))));
    all.put("excluded", excluded(Raw.value("not indexed")));
    all.put(
        "long text",
        excluded(Raw.value("t".repeat(5000)).toBuilder().setMeaning(MEANING_TEXT).build()));
    all.put(
        "bytes of old",
        excluded(
            Value.newBuilder()
                .setBlobValue(ByteString.copyFromUtf8("b"))
                .setMeaning(MEANING_BYTES)
                .build()));
    all.put(
        "vector",
        Raw.array(Raw.value(0.5), Raw.value(-1.5)).toBuilder()
            .setMeaning(MEANING_VECTOR)
            .setExcludeFromIndexes(true)
            .build());
    all.put("nested", nested());
    all.put("nested, excluded", excluded(nested()));
    return all;
  }

  private static Value nested() {
    Entity inner =
        Entity.newBuilder()
            .putProperties("deep", Raw.array(Raw.value(1L), Raw.value(2L)))
            .putProperties("flagged", excluded(Raw.value("z")))
            .build();
    return Value.newBuilder().setEntityValue(inner).build();
  }

  private static Value excluded(Value value) {
    return value.toBuilder().setExcludeFromIndexes(true).build();
  }

  private static Value timestamp(long seconds, int nanos) {
    return Value.newBuilder()
        .setTimestampValue(Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos))
        .build();
  }

  private static Value geoPoint(double latitude, double longitude) {
    return Value.newBuilder()
        .setGeoPointValue(LatLng.newBuilder().setLatitude(latitude).setLongitude(longitude))
        .build();
  }
}
