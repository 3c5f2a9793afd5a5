package dev.kindstead.model;

/** How a database's read-write transactions meet each other (Firestore Admin API, Database). */
public enum ConcurrencyMode {
  /** Reads take no locks; a commit whose reads have changed is ABORTED. */
  OPTIMISTIC,
  /** Reads take shared locks with bounded waits. */
  PESSIMISTIC,
  /** Optimistic, with conflicts at the granularity of entity groups. */
  OPTIMISTIC_WITH_ENTITY_GROUPS
}
