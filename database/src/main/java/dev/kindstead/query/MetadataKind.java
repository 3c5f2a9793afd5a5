package dev.kindstead.query;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.IndexNames;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.StatisticsKinds;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kinds that describe the data. Their entities are names at the front of index entries, and the
 * order of their keys is the order of those entries.
 */
enum MetadataKind {
  NAMESPACE("__namespace__", 1),
  KIND("__kind__", 1),
  PROPERTY("__property__", 2);

  /** The default namespace has no name, and a key must have one or an id. */
  private static final long DEFAULT_NAMESPACE_ID = 1;

  private final String kind;

  /** How many names of an entry, behind {@link #prefix}, identify an entity of this kind. */
  private final int names;

  MetadataKind(String kind, int names) {
    this.kind = kind;
    this.names = names;
  }

  /** Null for any other kind. */
  static @Nullable MetadataKind named(@Nullable String kind) {
    for (MetadataKind each : values()) {
      if (each.kind.equals(kind)) {
        return each;
      }
    }
    return null;
  }

  /** What the entries start with that hold the names. */
  byte[] prefix(PartitionId partition) {
    return switch (this) {
      case NAMESPACE -> IndexNames.beforeNamespace(partition.databaseId());
      case KIND -> IndexNames.beforeKind(partition);
      case PROPERTY -> IndexNames.beforeProperty(partition);
    };
  }

  /** Where the names in an entry end. */
  int end(byte[] entry, int prefixLength) {
    int end = prefixLength;
    for (int i = 0; i < names; i++) {
      end = IndexNames.endOfName(entry, end);
    }
    return end;
  }

  /**
   * Where to go on behind the entries of {@link StatisticsKinds}, which no metadata query tells of;
   * null when this is no such entry.
   */
  byte @Nullable [] behindStatistics(byte[] entry, int prefixLength) {
    int ofKind = this == NAMESPACE ? IndexNames.endOfName(entry, prefixLength) : prefixLength;
    if (!StatisticsKinds.contains(IndexNames.name(entry, ofKind))) {
      return null;
    }
    byte[] before = Arrays.copyOf(entry, ofKind);
    return ByteOrder.afterPrefix(Interval.concat(before, StatisticsKinds.prefixBytes()));
  }

  /** The key of the entity that an entry names. */
  Key key(PartitionId partition, byte[] entry, int prefixLength) {
    String first = IndexNames.name(entry, prefixLength);
    return switch (this) {
      case NAMESPACE ->
          new Key(
              partition,
              List.of(
                  first.isEmpty()
                      ? PathElement.ofId(kind, DEFAULT_NAMESPACE_ID)
                      : PathElement.ofName(kind, first)));
      case KIND -> new Key(partition, List.of(PathElement.ofName(kind, first)));
      case PROPERTY ->
          property(
              partition, first, IndexNames.name(entry, IndexNames.endOfName(entry, prefixLength)));
    };
  }

  private static Key property(PartitionId partition, String ofKind, String property) {
    return new Key(
        partition,
        List.of(
            PathElement.ofName(KIND.kind, ofKind), PathElement.ofName(PROPERTY.kind, property)));
  }

  /** The bytes of a key's path, as positions and intervals have them. */
  static byte[] path(Key key) {
    byte[] row = KeyEncoding.entityKey(key);
    return Arrays.copyOfRange(row, KeyEncoding.partitionPrefix(key.partition()).length, row.length);
  }

  /**
   * Where entries begin whose entities have paths at or behind {@code path}, which need not be a
   * whole path. It may begin somewhat early: whoever seeks there looks at the paths again.
   */
  byte[] seek(PartitionId partition, byte[] path) {
    byte[] prefix = prefix(partition);
    String outer = this == NAMESPACE ? kind : KIND.kind;
    byte[] before = beforeName(partition, outer);
    if (!ByteOrder.startsWith(path, before)) {
      return Arrays.compareUnsigned(path, before) < 0 ? prefix : ByteOrder.afterPrefix(prefix);
    }
    byte[] rest = Arrays.copyOfRange(path, before.length, path.length);
    int end = endMark(rest);
    if (this != PROPERTY || end == rest.length) {
      return Interval.concat(prefix, rest);
    }
    byte[] ofKind = Interval.concat(prefix, Arrays.copyOf(rest, end + 1));
    byte[] within = Arrays.copyOfRange(rest, end + 1, rest.length);
    byte[] beforeProperty = beforeName(partition, kind);
    if (!ByteOrder.startsWith(within, beforeProperty)) {
      return Arrays.compareUnsigned(within, beforeProperty) < 0
          ? ofKind
          : ByteOrder.afterPrefix(ofKind);
    }
    return Interval.concat(
        ofKind, Arrays.copyOfRange(within, beforeProperty.length, within.length));
  }

  /** A path element of this kind up to its name. */
  private static byte[] beforeName(PartitionId partition, String kind) {
    byte[] whole = path(new Key(partition, List.of(PathElement.ofName(kind, "x"))));
    return Arrays.copyOf(whole, whole.length - 2);
  }

  /** Where a name's end mark is, which occurs in no name; the length when it is cut before. */
  private static int endMark(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && bytes[at] != 0) {
      at++;
    }
    return at;
  }

  @Override
  public String toString() {
    return kind;
  }
}
