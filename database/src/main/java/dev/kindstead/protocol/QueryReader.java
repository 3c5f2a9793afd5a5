package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import com.google.datastore.v1.PropertyOrder.Direction;
import dev.kindstead.model.Names;
import dev.kindstead.model.PartitionId;
import dev.kindstead.query.Filter;
import dev.kindstead.query.Query;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a structured query and checks what does not depend on indexes. Immutable. */
final class QueryReader {
  private final RequestScope scope;
  private final Limits limits;
  private final FilterReader filters;

  QueryReader(RequestScope scope) {
    this.scope = scope;
    this.limits = scope.limits();
    this.filters = new FilterReader(scope);
  }

  Query read(
      com.google.datastore.v1.PartitionId sentPartition, com.google.datastore.v1.Query sent) {
    PartitionId partition = scope.partition(sentPartition, true);
    String kind = kind(sent);
    Filter filter = sent.hasFilter() ? filters.read(sent.getFilter(), partition) : null;
    List<String> projection =
        names(sent.getProjectionList().stream().map(p -> p.getProperty().getName()).toList());
    List<String> distinctOn =
        names(sent.getDistinctOnList().stream().map(p -> p.getName()).toList());
    List<Query.Order> orders = orders(sent);
    if (kind == null) {
      checkKindless(filter, projection, orders);
    }
    checkProjection(projection, filter);
    checkDistinct(distinctOn, orders);
    return new Query(
        partition,
        kind,
        projection,
        filter,
        orders,
        distinctOn,
        sent.getStartCursor().toByteArray(),
        sent.getEndCursor().toByteArray(),
        notNegative(sent.getOffset(), "Offset"),
        sent.hasLimit() ? Integer.valueOf(notNegative(sent.getLimit().getValue(), "Limit")) : null,
        sent.hasFindNearest() ? new NearestReader(limits).read(sent) : null);
  }

  private @Nullable String kind(com.google.datastore.v1.Query sent) {
    if (sent.getKindCount() == 0) {
      return null;
    }
    if (sent.getKindCount() > 1) {
      throw invalidArgument("multiple kinds not supported");
    }
    String kind = sent.getKind(0).getName();
    Names.checkKind(kind, true, limits.nameBytesMax());
    return kind;
  }

  /** Each once: naming a property again says nothing new. */
  private List<String> names(List<String> sent) {
    for (String name : sent) {
      Names.checkProperty(name, true, limits.nameBytesMax());
    }
    return sent.stream().distinct().toList();
  }

  private List<Query.Order> orders(com.google.datastore.v1.Query sent) {
    var orders = new ArrayList<Query.Order>(sent.getOrderCount());
    for (var order : sent.getOrderList()) {
      String name = order.getProperty().getName();
      Names.checkProperty(name, true, limits.nameBytesMax());
      orders.add(new Query.Order(name, order.getDirection() == Direction.DESCENDING));
    }
    return orders;
  }

  private static int notNegative(int count, String what) {
    if (count < 0) {
      throw invalidArgument(what + " must be non-negative.");
    }
    return count;
  }

  private static void checkKindless(
      @Nullable Filter filter, List<String> projection, List<Query.Order> orders) {
    if (filter != null) {
      for (Filter.Comparison comparison : FilterReader.comparisons(filter)) {
        if (!comparison.property().equals(Query.KEY)) {
          throw invalidArgument("kind is required for filter: " + comparison.property());
        }
      }
    }
    for (String property : projection) {
      if (!property.equals(Query.KEY)) {
        throw invalidArgument("kind is required for projection: " + property);
      }
    }
    for (Query.Order order : orders) {
      if (!order.property().equals(Query.KEY) || order.descending()) {
        throw invalidArgument("kind is required for all orders except __key__ ascending");
      }
    }
  }

  /** A projected value comes from the index entry, which an equality filter holds fixed. */
  private static void checkProjection(List<String> projection, @Nullable Filter filter) {
    if (filter == null || projection.isEmpty()) {
      return;
    }
    for (Filter.Comparison comparison : FilterReader.comparisons(filter)) {
      boolean isEquality =
          comparison.operator() == Filter.Operator.EQUAL
              || comparison.operator() == Filter.Operator.IN;
      if (isEquality
          && !comparison.property().equals(Query.KEY)
          && projection.contains(comparison.property())) {
        throw invalidArgument("Cannot use projection on a property with an equality filter.");
      }
    }
  }

  private static void checkDistinct(List<String> distinctOn, List<Query.Order> orders) {
    if (distinctOn.isEmpty()) {
      return;
    }
    Set<String> missing = new HashSet<>(distinctOn);
    boolean otherSeen = false;
    for (Query.Order order : orders) {
      boolean isGroup = distinctOn.contains(order.property());
      if (isGroup && otherSeen) {
        throw groupsFirst();
      }
      missing.remove(order.property());
      otherSeen |= !isGroup;
    }
    if (otherSeen && !missing.isEmpty()) {
      throw groupsFirst();
    }
  }

  private static RuntimeException groupsFirst() {
    return invalidArgument(
        "All group by properties must be ordered before any non group by properties.");
  }
}
