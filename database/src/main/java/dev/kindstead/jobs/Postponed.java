package dev.kindstead.jobs;

import dev.kindstead.model.DatastoreException;
import org.slf4j.Logger;

/** Tells of work that a failure has put off. */
final class Postponed {
  private Postponed() {}

  /**
   * What the database refuses now and then, such as while a shard has no leader, is told in a line;
   * what nobody expects, with where it came from.
   */
  static void log(Logger log, String what, Throwable failure) {
    Throwable cause = failure.getCause() instanceof DatastoreException refused ? refused : failure;
    if (cause instanceof DatastoreException) {
      log.info("{}: {}", what, cause.getMessage());
    } else {
      log.warn("{}", what, failure);
    }
  }
}
