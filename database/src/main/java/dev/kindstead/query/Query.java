package dev.kindstead.query;

import dev.kindstead.model.PartitionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A structured query, validated and with its partition filled in. Names of properties are dotted
 * paths as the API spells them; {@code __key__} is the key.
 *
 * @param kind null for a kindless query
 * @param projection empty for whole entities; {@code ["__key__"]} for keys only
 * @param filter null for none
 * @param startCursor the cursor's opaque bytes, empty for none
 * @param offset how many results to skip, not negative
 * @param limit the most results to return, null for no limit
 * @param nearest what is done with all these results at last; null for nothing
 */
public record Query(
    PartitionId partition,
    @Nullable String kind,
    List<String> projection,
    @Nullable Filter filter,
    List<Order> orders,
    List<String> distinctOn,
    byte[] startCursor,
    byte[] endCursor,
    int offset,
    @Nullable Integer limit,
    @Nullable Nearest nearest) {
  public Query {
    projection = List.copyOf(projection);
    orders = List.copyOf(orders);
    distinctOn = List.copyOf(distinctOn);
  }

  /** A query whose results are answered as they are. */
  public Query(
      PartitionId partition,
      @Nullable String kind,
      List<String> projection,
      @Nullable Filter filter,
      List<Order> orders,
      List<String> distinctOn,
      byte[] startCursor,
      byte[] endCursor,
      int offset,
      @Nullable Integer limit) {
    this(
        partition,
        kind,
        projection,
        filter,
        orders,
        distinctOn,
        startCursor,
        endCursor,
        offset,
        limit,
        null);
  }

  public static final String KEY = "__key__";

  public boolean isKeysOnly() {
    return projection.size() == 1 && projection.getFirst().equals(KEY);
  }

  /**
   * Whether every element of the property's array makes a result of its own: projected, or made
   * distinct.
   */
  public boolean isExploded(String property) {
    return !property.equals(KEY)
        && (projection.contains(property) || distinctOn.contains(property));
  }

  public Query withOrders(List<Order> others) {
    return new Query(
        partition,
        kind,
        projection,
        filter,
        others,
        distinctOn,
        startCursor,
        endCursor,
        offset,
        limit,
        nearest);
  }

  /** One sort order. */
  public record Order(String property, boolean descending) {}
}
