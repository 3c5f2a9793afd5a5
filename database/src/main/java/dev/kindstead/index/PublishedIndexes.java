package dev.kindstead.index;

import dev.kindstead.index.DatabaseIndexes.ReadyIndex;
import dev.kindstead.index.IndexDefinition.Purpose;
import dev.kindstead.model.DatabaseId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The catalog that planners ask, made anew whenever an index changes. Thread-safe. */
public final class PublishedIndexes implements IndexCatalog {
  private final DatabaseIndexes none;
  private volatile Map<DatabaseId, DatabaseIndexes> databases = Map.of();

  /**
   * @param strict of all databases
   */
  public PublishedIndexes(boolean strict) {
    none = new DatabaseIndexes(strict, List.of());
  }

  @Override
  public DatabaseIndexes of(DatabaseId database) {
    return databases.getOrDefault(database, none);
  }

  /** Takes all indexes as they are now. */
  public void publish(List<IndexRecord> all) {
    Map<DatabaseId, List<ReadyIndex>> ready = new HashMap<>();
    for (IndexRecord each : all) {
      if (each.state() == IndexState.READY && each.definition().purpose() == Purpose.QUERIES) {
        ready
            .computeIfAbsent(each.definition().database(), _ -> new ArrayList<>())
            .add(new ReadyIndex(each.definition(), each.changeTime()));
      }
    }
    Map<DatabaseId, DatabaseIndexes> published = new HashMap<>();
    ready.forEach((database, indexes) ->
        published.put(database, new DatabaseIndexes(none.strict(), indexes)));
    databases = Map.copyOf(published);
  }
}
