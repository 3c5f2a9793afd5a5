package dev.kindstead.model;

import java.util.List;

/**
 * A property's value with the two marks the API stores beside it, both returned verbatim.
 *
 * @param meaning the API's {@code meaning}, zero when unset
 * @param excludeFromIndexes whether this value has no index entries
 * @see <a
 *     href="https://cloud.google.com/datastore/docs/reference/data/rest/v1/projects/runQuery#Value">Value</a>
 */
public record Value(Content content, int meaning, boolean excludeFromIndexes) {

  public static Value of(Content content) {
    return new Value(content, 0, false);
  }

  /** What the value holds: one record for each case of the API's {@code value_type}. */
  public sealed interface Content {}

  public record NullValue() implements Content {
    public static final NullValue NULL = new NullValue();
  }

  public record BooleanValue(boolean value) implements Content {}

  public record IntegerValue(long value) implements Content {}

  /** Bits are kept as they came: NaN equals NaN, and -0.0 differs from 0.0 (record equality). */
  public record DoubleValue(double value) implements Content {}

  /**
   * @param micros microseconds since the epoch; nanoseconds are truncated at the front door
   */
  public record TimestampValue(long micros) implements Content {}

  public record KeyValue(Key key) implements Content {}

  public record StringValue(String value) implements Content {}

  public record BlobValue(Bytes bytes) implements Content {}

  /**
   * @param latitude degrees, -90 to 90
   * @param longitude degrees, -180 to 180
   */
  public record GeoPointValue(double latitude, double longitude) implements Content {}

  /** An entity as a value; its key may be absent or incomplete. */
  public record EntityValue(Entity entity) implements Content {}

  /** Holds no other array. */
  public record ArrayValue(List<Value> values) implements Content {
    public ArrayValue {
      values = List.copyOf(values);
    }
  }
}
