package dev.kindstead.administration;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Names;

/** Names as the admin API has them: databases, indexes and operations as paths, numbers as text. */
final class ResourceNames {
  /** How the default database is called where the API wants a name. */
  static final String DEFAULT_DATABASE = "(default)";

  private ResourceNames() {}

  /** NOT_FOUND for what is no index's id. */
  static long index(String text) {
    try {
      return IndexDefinition.idOf(text);
    } catch (NumberFormatException malformed) {
      throw new DatastoreException(Code.NOT_FOUND, "index not found: " + text, malformed);
    }
  }

  /** {@code projects/p/databases/d}. */
  static String of(DatabaseId database) {
    String name = database.database().isEmpty() ? DEFAULT_DATABASE : database.database();
    return "projects/" + database.project() + "/databases/" + name;
  }

  /** The elements of a path of this form; INVALID_ARGUMENT when it has another. */
  static String[] split(String name, String form) {
    String[] wanted = form.split("/");
    String[] given = name.split("/", -1);
    boolean fits = wanted.length == given.length;
    for (int i = 0; fits && i < wanted.length; i++) {
      fits = wanted[i].equals("*") ? !given[i].isEmpty() : wanted[i].equals(given[i]);
    }
    if (!fits) {
      throw DatastoreException.invalidArgument(
          "\"%s\" is not a name of the form %s.".formatted(name, form));
    }
    return given;
  }

  /** By the rules of data calls: INVALID_ARGUMENT for what none of them could name. */
  static DatabaseId database(String project, String name) {
    if (project.isEmpty()) {
      throw DatastoreException.invalidArgument("The project id is the empty string.");
    }
    String database = name.equals(DEFAULT_DATABASE) ? "" : name;
    Names.checkPartitionPart(project, "project id", true);
    Names.checkPartitionPart(database, "database id", false);
    return new DatabaseId(project, database);
  }
}
