package dev.kindstead.acceptance;

import com.google.cloud.NoCredentials;
import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.DatastoreOptions;

/** Google's client for Java as an application makes one; its default transport is HTTP. */
final class JavaClient {
  private JavaClient() {}

  static Datastore of(Endpoint server, String project) {
    return of(server, project, "", "");
  }

  /** {@code database} and {@code namespace}: the default ones if empty. */
  static Datastore of(Endpoint server, String project, String database, String namespace) {
    return DatastoreOptions.newBuilder()
        .setHost(server.hostAndPort())
        .setProjectId(project)
        .setDatabaseId(database)
        .setNamespace(namespace)
        .setCredentials(NoCredentials.getInstance())
        .build()
        .getService();
  }
}
