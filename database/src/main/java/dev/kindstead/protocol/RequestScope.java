package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Names;
import dev.kindstead.model.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * The project and database of one request, which every key in it inherits or must repeat. Clients
 * count on it: Node sends keys that name no database. Immutable.
 */
final class RequestScope {
  private final String project;
  private final String database;
  private final PartitionId defaultPartition;
  private final Limits limits;

  private RequestScope(String project, String database, Limits limits) {
    this.project = project;
    this.database = database;
    this.defaultPartition = new PartitionId(project, database, "");
    this.limits = limits;
  }

  /**
   * @param pathProject the project in the URL, null for gRPC
   */
  static RequestScope of(
      @Nullable String pathProject, String bodyProject, String database, Limits limits) {
    String project = bodyProject.isEmpty() && pathProject != null ? pathProject : bodyProject;
    if (project.isEmpty()) {
      throw invalidArgument("The project id is the empty string.");
    }
    if (pathProject != null && !pathProject.equals(project)) {
      throw mismatch(new DatabaseId(pathProject, database), new DatabaseId(project, database));
    }
    Names.checkPartitionPart(project, "project id", true);
    checkDatabase(database);
    return new RequestScope(project, database, limits);
  }

  DatabaseId databaseId() {
    return defaultPartition.databaseId();
  }

  Limits limits() {
    return limits;
  }

  /** A request's own partition: what it leaves out is inherited, the rest must agree. */
  PartitionId partition(com.google.datastore.v1.PartitionId sent, boolean reservedAllowed) {
    checkDatabase(sent.getDatabaseId());
    boolean sameProject = sent.getProjectId().isEmpty() || sent.getProjectId().equals(project);
    boolean sameDatabase = sent.getDatabaseId().isEmpty() || sent.getDatabaseId().equals(database);
    if (!sameProject || !sameDatabase) {
      String otherProject = sent.getProjectId().isEmpty() ? project : sent.getProjectId();
      throw mismatch(databaseId(), new DatabaseId(otherProject, sent.getDatabaseId()));
    }
    return withNamespace(defaultPartition, sent.getNamespaceId(), reservedAllowed);
  }

  /** The partition of a key used as a value, which may lie in another project or database. */
  PartitionId valuePartition(com.google.datastore.v1.PartitionId sent) {
    checkDatabase(sent.getDatabaseId());
    boolean sameProject = sent.getProjectId().isEmpty() || sent.getProjectId().equals(project);
    if (sameProject && (sent.getDatabaseId().isEmpty() || sent.getDatabaseId().equals(database))) {
      return withNamespace(defaultPartition, sent.getNamespaceId(), true);
    }
    Names.checkPartitionPart(sent.getProjectId(), "project id", true);
    String otherProject = sent.getProjectId().isEmpty() ? project : sent.getProjectId();
    var other = new PartitionId(otherProject, sent.getDatabaseId(), "");
    return withNamespace(other, sent.getNamespaceId(), true);
  }

  private static PartitionId withNamespace(
      PartitionId partition, String namespace, boolean reservedAllowed) {
    if (namespace.isEmpty()) {
      return partition;
    }
    Names.checkPartitionPart(namespace, "namespace id", reservedAllowed);
    return partition.withNamespace(namespace);
  }

  private static void checkDatabase(String database) {
    if (database.isEmpty()) {
      return;
    }
    if (database.equals("(default)")) {
      throw invalidArgument("\"(default)\" is an invalid database id.");
    }
    Names.checkPartitionPart(database, "database id", false);
  }

  static RuntimeException mismatch(DatabaseId ofRequest, DatabaseId other) {
    return invalidArgument(
        "mismatched databases within request: " + name(ofRequest) + " vs. " + name(other));
  }

  private static String name(DatabaseId id) {
    return "<unknown!>~" + id.project() + (id.database().isEmpty() ? "" : "~" + id.database());
  }
}
