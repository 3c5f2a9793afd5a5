package dev.kindstead.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.SystemClock;
import dev.kindstead.environment.SystemTimers;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.index.PublishedIndexes;
import dev.kindstead.jobs.IndexJobs;
import java.time.Duration;
import java.util.List;

/** A {@link LocalDatabase} with all that builds, publishes and removes its indexes. */
final class IndexedDatabase implements AutoCloseable {
  final PublishedIndexes published;
  final IndexJobs jobs;
  final IndexAdministration administration;
  private final LocalDatabase database;
  private final SystemTimers timers = new SystemTimers();

  /**
   * @param database closed with this
   * @param linger how long a deleted index is maintained
   * @param strict whether queries are only planned by indexes
   */
  IndexedDatabase(LocalDatabase database, Duration linger, boolean strict) {
    this.database = database;
    published = new PublishedIndexes(strict);
    jobs = new IndexJobs(database.transactions, new SystemClock(), timers, database.pool, linger);
    administration = new IndexAdministration(database.transactions.indexes(), jobs);
    database.transactions.indexes().onChange(published::publish);
    jobs.start();
  }

  /** The index of the kind K with these properties, once it is built or given up. */
  IndexRecord built(IndexState expected, List<IndexedProperty> properties)
      throws InterruptedException {
    long id =
        administration.create(LocalDatabase.DATABASE, "K", false, properties).join().index().id();
    IndexRecord index = get(id);
    while (index.state() == IndexState.CREATING && database.transactions.failure().isEmpty()) {
      Thread.sleep(2);
      index = get(id);
    }
    assertThat(database.transactions.failure()).isEmpty();
    assertThat(index.state()).isEqualTo(expected);
    return index;
  }

  IndexRecord get(long id) {
    return administration.get(LocalDatabase.DATABASE, id).index();
  }

  @Override
  public void close() {
    jobs.close();
    database.close();
    timers.close();
  }
}
