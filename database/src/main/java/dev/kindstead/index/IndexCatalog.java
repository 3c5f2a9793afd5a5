package dev.kindstead.index;

import dev.kindstead.model.DatabaseId;

/** Knows the indexes of each database. Thread-safe. */
@FunctionalInterface
public interface IndexCatalog {
  /** No composite index anywhere. */
  IndexCatalog AUTOMATIC = _ -> DatabaseIndexes.AUTOMATIC;

  DatabaseIndexes of(DatabaseId database);
}
