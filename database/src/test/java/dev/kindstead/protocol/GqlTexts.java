package dev.kindstead.protocol;

import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.PartitionId;
import dev.kindstead.gql.Gql;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.query.Aggregation;
import dev.kindstead.query.Query;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * GQL as the front door reads it, for tests of rooms below: what they say of a query is then said
 * of the one that a client would send.
 */
public final class GqlTexts {
  private static final RequestScope SCOPE = RequestScope.of(null, "p", "", Limits.DEFAULT);

  private GqlTexts() {}

  public static Query query(String gql) {
    return read(Gql.query(sent(gql), PartitionId.getDefaultInstance()));
  }

  public static Query aggregated(String gql) {
    return read(Gql.aggregation(sent(gql), PartitionId.getDefaultInstance()).getNestedQuery());
  }

  public static List<Aggregation> aggregations(String gql) {
    return new AggregationReader(Limits.DEFAULT)
        .read(Gql.aggregation(sent(gql), PartitionId.getDefaultInstance()));
  }

  /**
   * @param path what stands between the parentheses of {@code KEY()}
   * @param properties literals by name; a name with a dot is that of a nested entity's property
   * @param unindexed names of those that are excluded from indexes
   */
  public static Entity entity(String path, Map<String, String> properties, List<String> unindexed) {
    var entity = com.google.datastore.v1.Entity.newBuilder();
    var nested = new HashMap<String, com.google.datastore.v1.Entity.Builder>();
    properties.forEach((name, literal) -> {
      var value = literal(literal).toBuilder().setExcludeFromIndexes(unindexed.contains(name));
      int dot = name.indexOf('.');
      if (dot < 0) {
        entity.putProperties(name, value.build());
      } else {
        nested
            .computeIfAbsent(
                name.substring(0, dot), _ -> com.google.datastore.v1.Entity.newBuilder())
            .putProperties(name.substring(dot + 1), value.build());
      }
    });
    nested.forEach((name, inner) ->
        entity.putProperties(
            name, com.google.datastore.v1.Value.newBuilder().setEntityValue(inner).build()));
    var sentKey = literal("KEY(" + path + ")").getKeyValue();
    KeyReader keys = new KeyReader(SCOPE);
    Key key = keys.read(sentKey, KeyReader.Purpose.WRITE);
    return new EntityReader(keys, Limits.DEFAULT).read(key, entity.build());
  }

  private static com.google.datastore.v1.Value literal(String literal) {
    return Gql.query(sent("SELECT * WHERE p = " + literal), PartitionId.getDefaultInstance())
        .getFilter()
        .getPropertyFilter()
        .getValue();
  }

  private static Query read(com.google.datastore.v1.Query sent) {
    return new QueryReader(SCOPE).read(PartitionId.getDefaultInstance(), sent);
  }

  private static GqlQuery sent(String gql) {
    return GqlQuery.newBuilder().setQueryString(gql).setAllowLiterals(true).build();
  }
}
