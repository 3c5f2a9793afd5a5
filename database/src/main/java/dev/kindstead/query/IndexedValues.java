package dev.kindstead.query;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.IndexEntry;
import dev.kindstead.model.PartitionId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the indexes know of one entity: filters and orders see nothing else, so that a filter
 * answered by reading the entity and one answered by a scan cannot differ (excluded properties,
 * arrays, null and missing). Confined to one thread.
 */
final class IndexedValues {
  private final PartitionId partition;
  private final @Nullable String kind;
  private final byte[] path;
  private final byte[] entity;
  private final Map<String, List<byte[]>> known = new HashMap<>();
  private @Nullable List<IndexEntry> entries;

  /**
   * @param kind null when no property is asked for
   * @param entity as stored
   */
  IndexedValues(PartitionId partition, @Nullable String kind, byte[] path, byte[] entity) {
    this.partition = partition;
    this.kind = kind;
    this.path = path;
    this.entity = entity;
  }

  byte[] path() {
    return path;
  }

  int storedBytes() {
    return entity.length;
  }

  /** The property's indexed values, distinct, ascending; empty when missing or excluded. */
  List<byte[]> of(String property) {
    return known.computeIfAbsent(property, this::find);
  }

  private List<byte[]> find(String property) {
    if (kind == null) {
      return List.of();
    }
    if (entries == null) {
      entries = BuiltInIndexes.entriesOf(EntityEncoding.decode(entity));
    }
    byte[] prefix = IndexKeyEncoding.propertyPrefix(partition, kind, property);
    List<byte[]> values = new ArrayList<>();
    for (IndexEntry each : entries) {
      byte[] entry = each.key().array();
      if (ByteOrder.startsWith(entry, prefix)) {
        values.add(Arrays.copyOfRange(entry, prefix.length, entry.length - path.length));
      }
    }
    return values;
  }
}
