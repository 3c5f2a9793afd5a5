package dev.kindstead.simulation;

import dev.kindstead.index.PublishedIndexes;
import dev.kindstead.jobs.IndexJobs;
import dev.kindstead.placement.ShardMap;
import dev.kindstead.query.Queries;
import dev.kindstead.service.IndexAdministration;
import dev.kindstead.service.IndexWishes;
import dev.kindstead.service.QuerySessions;
import dev.kindstead.service.RunQuery;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;

/**
 * What a node has above its transactions: queries, and the building of indexes. Wired as the
 * product's node is. Confined to the scheduler's thread and the process's {@link Strands}.
 *
 * @param planned plans the queries, and tells of their plans
 */
record UpperFloors(RunQuery queries, Queries planned, IndexJobs jobs, IndexAdministration indexes) {
  /** So few that an index of some dozens of entities is built in many steps. */
  private static final int PAGE = 3;

  /** A query here is over before. */
  static final Duration LINGER = Duration.ofSeconds(2);

  static UpperFloors of(
      Transactions transactions, ShardMap map, Machine machine, Boot boot, Strands strands) {
    var published = new PublishedIndexes(false);
    transactions.indexes().onChange(published::publish);
    var jobs = new IndexJobs(transactions, machine, boot, strands, LINGER, PAGE, strands);
    jobs.start();
    var planned = new Queries(map, published, machine);
    return new UpperFloors(
        new RunQuery(
            planned, new QuerySessions(transactions, IndexWishes.UNHEARD, strands, machine)),
        planned,
        jobs,
        new IndexAdministration(transactions.indexes(), jobs));
  }
}
