package dev.kindstead.index;

import static java.util.Objects.requireNonNull;

import dev.kindstead.encoding.CompositeKeyEncoding;
import dev.kindstead.encoding.EntrySuffix;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Invariant;
import dev.kindstead.model.Key;
import dev.kindstead.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The entries of an entity in a composite index: one for each combination of its properties'
 * values, and for an index with ancestors as many under each of them. An entity that lacks one of
 * the properties, or has it excluded, has none.
 */
public final class CompositeIndexes {
  /** Entries of one entity in all composite indexes, as the API limits them. */
  public static final int ENTRIES_MAX = 20_000;

  private CompositeIndexes() {}

  /**
   * All entries of an entity in these indexes of its kind, in the order of their bytes.
   *
   * @throws DatastoreException INVALID_ARGUMENT when there would be more than {@link #ENTRIES_MAX}
   */
  public static List<IndexEntry> entriesOf(Entity entity, List<IndexDefinition> definitions) {
    return entriesOf(entity, definitions, true);
  }

  /**
   * Those that may be there of a stored entity, in the order of their bytes. It may have more than
   * {@link #ENTRIES_MAX}, while an index is built for which that is found out, or from when indexes
   * were counted one by one; of one that it has too many for by itself, no entry was ever written.
   */
  public static List<IndexEntry> storedEntriesOf(Entity entity, List<IndexDefinition> definitions) {
    return entriesOf(entity, definitions, false);
  }

  private static List<IndexEntry> entriesOf(
      Entity entity, List<IndexDefinition> definitions, boolean isLimited) {
    if (definitions.isEmpty()) {
      return List.of();
    }
    Key key = entity.key();
    if (key == null) {
      throw Invariant.broken("an indexed entity has a key");
    }
    Map<String, TreeSet<Bytes>> ofQueries = valuesOf(entity);
    List<IndexEntry> entries = new ArrayList<>();
    for (IndexDefinition definition : definitions) {
      Map<String, TreeSet<Bytes>> values =
          switch (definition.purpose()) {
            case QUERIES -> ofQueries;
            case EXPIRY -> expiryOf(entity, definition);
          };
      int count = count(key, definition, values);
      if (isLimited && entries.size() + count > ENTRIES_MAX) {
        throw DatastoreException.invalidArgument(
            "The entity has too many entries in composite indexes: at most %d."
                .formatted(ENTRIES_MAX));
      }
      if (count > 0 && count <= ENTRIES_MAX) {
        add(key, definition, values, entries);
      }
    }
    entries.sort((one, other) -> one.key().compareTo(other.key()));
    return entries;
  }

  /** How many entries there would be; one more than there may be for all that are more. */
  private static int count(
      Key key, IndexDefinition definition, Map<String, TreeSet<Bytes>> values) {
    long count = definition.ancestor() ? key.path().size() : 1;
    for (IndexedProperty property : definition.values()) {
      TreeSet<Bytes> column = values.get(property.name());
      if (column == null) {
        return 0;
      }
      count = Math.min(count * column.size(), ENTRIES_MAX + 1);
    }
    return (int) count;
  }

  /** For an entity that has all the properties. */
  private static void add(
      Key key,
      IndexDefinition definition,
      Map<String, TreeSet<Bytes>> values,
      List<IndexEntry> entries) {
    List<List<Bytes>> columns = new ArrayList<>();
    List<Boolean> descending = new ArrayList<>();
    int combinations = 1;
    for (IndexedProperty property : definition.values()) {
      List<Bytes> column = List.copyOf(requireNonNull(values.get(property.name())));
      columns.add(column);
      descending.add(property.descending());
      combinations *= column.size();
    }
    var suffix = new EntrySuffix(descending, definition.isKeyDescending(), true);
    byte[] path = CompositeKeyEncoding.path(key);
    byte[] prefix =
        CompositeKeyEncoding.prefix(key.partition(), definition.kind(), definition.id());
    for (byte[] start : starts(definition, key, prefix)) {
      for (int n = 0; n < combinations; n++) {
        byte[] entry = suffix.join(start, combination(columns, n, path));
        entries.add(new IndexEntry(Bytes.of(entry), combinations > 1));
      }
    }
  }

  /** What the entity's entries start with: of an index with ancestors, one for each of them. */
  private static List<byte[]> starts(IndexDefinition definition, Key key, byte[] prefix) {
    if (!definition.ancestor()) {
      return List.of(prefix);
    }
    List<byte[]> starts = new ArrayList<>();
    for (int depth = 1; depth <= key.path().size(); depth++) {
      var ancestor = new Key(key.partition(), key.path().subList(0, depth));
      starts.add(CompositeKeyEncoding.ancestorPrefix(prefix, CompositeKeyEncoding.path(ancestor)));
    }
    return starts;
  }

  /** The components of the n-th combination. */
  private static byte[][] combination(List<List<Bytes>> columns, int n, byte[] path) {
    byte[][] components = new byte[columns.size() + 1][];
    int rest = n;
    for (int i = 0; i < columns.size(); i++) {
      List<Bytes> column = columns.get(i);
      components[i] = column.get(rest % column.size()).array();
      rest /= column.size();
    }
    components[columns.size()] = path;
    return components;
  }

  /** The timestamp at which the entity expires, as the only value of its property; or nothing. */
  private static Map<String, TreeSet<Bytes>> expiryOf(Entity entity, IndexDefinition definition) {
    String property = definition.properties().getFirst().name();
    Value value = entity.properties().get(property);
    if (value == null || !(value.content() instanceof Value.TimestampValue)) {
      return Map.of();
    }
    TreeSet<Bytes> only = new TreeSet<>();
    only.add(Bytes.of(CompositeKeyEncoding.value(value.content())));
    return Map.of(property, only);
  }

  /** The indexed values of each property, encoded. */
  private static Map<String, TreeSet<Bytes>> valuesOf(Entity entity) {
    Map<String, TreeSet<Bytes>> values = new LinkedHashMap<>();
    IndexedProperties.visit(
        entity,
        (property, value) ->
            values
                .computeIfAbsent(property, _ -> new TreeSet<>())
                .add(Bytes.of(CompositeKeyEncoding.value(value))));
    return values;
  }
}
