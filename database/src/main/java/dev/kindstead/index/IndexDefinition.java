package dev.kindstead.index;

import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Invariant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A composite index: entries of one kind in the order of several properties. Immutable.
 *
 * @param id names it in the cluster, above zero
 * @param ancestor whether there is an entry under each ancestor of an entity, itself among them
 * @param properties in the order of its entries, at least one; one that is there twice stands for
 *     two elements of an array, or twice for the same; the last may be {@link #KEY}, which without
 *     being named follows in the direction of the property before it
 */
public record IndexDefinition(
    long id,
    DatabaseId database,
    String kind,
    boolean ancestor,
    List<IndexedProperty> properties,
    Purpose purpose) {
  /** What an index is there for. */
  public enum Purpose {
    /** Queries; it has the values that are indexed. */
    QUERIES,
    /**
     * The expiry of entities; it has the timestamp that is the value of its only property, also of
     * one that is excluded from indexes, as such timestamps better are.
     */
    EXPIRY
  }

  /** The property that stands for the entity's key. */
  public static final String KEY = "__key__";

  private static final int ID_RADIX = 36;

  /** One property and the direction of its values. */
  public record IndexedProperty(String name, boolean descending) {
    @Override
    public String toString() {
      return name + (descending ? " DESC" : " ASC");
    }
  }

  /** An index's number as the API writes it. */
  public static String idText(long id) {
    return Long.toString(id, ID_RADIX);
  }

  /** The inverse of {@link #idText}; NumberFormatException when it is none. */
  public static long idOf(String text) {
    return Long.parseLong(text, ID_RADIX);
  }

  public IndexDefinition {
    properties = List.copyOf(properties);
    Invariant.check(!properties.isEmpty(), "an index has a property");
  }

  /** An index for queries. */
  public IndexDefinition(
      long id,
      DatabaseId database,
      String kind,
      boolean ancestor,
      List<IndexedProperty> properties) {
    this(id, database, kind, ancestor, properties, Purpose.QUERIES);
  }

  /** An index of the timestamps at which a kind's entities expire. */
  public static IndexDefinition ofExpiry(
      long id, DatabaseId database, String kind, String property) {
    return new IndexDefinition(
        id, database, kind, false, List.of(new IndexedProperty(property, false)), Purpose.EXPIRY);
  }

  /** The properties but for the key. */
  public List<IndexedProperty> values() {
    return endsWithKey() ? properties.subList(0, properties.size() - 1) : properties;
  }

  /** Whether greater keys come first among entries of equal values. */
  public boolean isKeyDescending() {
    return properties.getLast().descending();
  }

  private boolean endsWithKey() {
    return properties.getLast().name().equals(KEY);
  }

  /** Whether both index the same in the same order: two such cannot be in one database. */
  public boolean isAlike(IndexDefinition other) {
    return database.equals(other.database)
        && kind.equals(other.kind)
        && ancestor == other.ancestor
        && purpose == other.purpose
        && values().equals(other.values())
        && isKeyDescending() == other.isKeyDescending();
  }

  @Override
  public String toString() {
    return kind
        + (ancestor ? " with ancestors " : " ")
        + properties.stream().map(IndexedProperty::toString).collect(Collectors.joining(", "));
  }
}
