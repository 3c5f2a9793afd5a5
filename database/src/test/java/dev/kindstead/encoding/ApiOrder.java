package dev.kindstead.encoding;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.BlobValue;
import dev.kindstead.model.Value.BooleanValue;
import dev.kindstead.model.Value.Content;
import dev.kindstead.model.Value.DoubleValue;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.model.Value.GeoPointValue;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.model.Value.KeyValue;
import dev.kindstead.model.Value.NullValue;
import dev.kindstead.model.Value.StringValue;
import dev.kindstead.model.Value.TimestampValue;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/** The order of keys and values as the API describes it, written without any encoding. */
public final class ApiOrder {
  public static final Comparator<PathElement> ELEMENTS =
      Comparator.<PathElement, Bytes>comparing(element -> utf8(element.kind()))
          .thenComparing(element -> element.name() != null)
          .thenComparingLong(PathElement::id)
          .thenComparing(element -> utf8(element.name() == null ? "" : element.name()));

  public static final Comparator<PartitionId> PARTITIONS =
      Comparator.<PartitionId, Bytes>comparing(partition -> utf8(partition.project()))
          .thenComparing(partition -> utf8(partition.database()))
          .thenComparing(partition -> utf8(partition.namespace()));

  public static final Comparator<Key> KEYS =
      Comparator.comparing(Key::partition, PARTITIONS)
          .thenComparing(Key::path, ApiOrder::comparePaths);

  private ApiOrder() {}

  /** Zero for values that the order merges: an integer and a timestamp, a string and a blob. */
  public static int compareValues(Content left, Content right) {
    int types = Integer.compare(rank(left), rank(right));
    if (types != 0) {
      return types;
    }
    return switch (left) {
      case KeyValue key -> KEYS.compare(key.key(), ((KeyValue) right).key());
      case DoubleValue number -> Double.compare(number.value(), ((DoubleValue) right).value());
      case GeoPointValue point ->
          Comparator.comparingDouble(GeoPointValue::latitude)
              .thenComparingDouble(GeoPointValue::longitude)
              .compare(point, (GeoPointValue) right);
      case IntegerValue _, TimestampValue _ -> Long.compare(number(left), number(right));
      case StringValue _, BlobValue _ -> bytes(left).compareTo(bytes(right));
      default -> 0;
    };
  }

  private static int rank(Content value) {
    return switch (value) {
      case NullValue _ -> 0;
      case IntegerValue _, TimestampValue _ -> 1;
      case BooleanValue bool -> bool.value() ? 3 : 2;
      case StringValue _, BlobValue _ -> 4;
      case DoubleValue _ -> 5;
      case GeoPointValue _ -> 6;
      case KeyValue _ -> 7;
      case EntityValue _, ArrayValue _ -> throw new IllegalArgumentException("not indexed");
    };
  }

  private static long number(Content value) {
    return value instanceof IntegerValue integer
        ? integer.value()
        : ((TimestampValue) value).micros();
  }

  private static Bytes bytes(Content value) {
    return value instanceof BlobValue blob ? blob.bytes() : utf8(((StringValue) value).value());
  }

  private static int comparePaths(List<PathElement> left, List<PathElement> right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      int order = ELEMENTS.compare(left.get(i), right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private static Bytes utf8(String string) {
    return Bytes.of(string.getBytes(StandardCharsets.UTF_8));
  }
}
