package dev.kindstead.model;

/**
 * The part of a key that isolates one data set from another: nothing is ever read, queried or
 * written across two partitions by accident.
 *
 * @param project the project id, never empty after the front door has filled it in
 * @param database the database id, empty for the default database
 * @param namespace the namespace id, empty for the default namespace
 */
public record PartitionId(String project, String database, String namespace) {
  public PartitionId withNamespace(String otherNamespace) {
    return new PartitionId(project, database, otherNamespace);
  }

  /** The database this partition lies in: the unit of settings and isolation. */
  public DatabaseId databaseId() {
    return new DatabaseId(project, database);
  }
}
