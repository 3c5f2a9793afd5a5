package dev.kindstead.query;

import static dev.kindstead.query.SideBySide.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Clock;
import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.protocol.GqlTexts;
import dev.kindstead.query.QueryBatch.MoreResults;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A query must come past a group that is more than one call may read. */
final class GroupTooLargeTest {
  private static final byte[] NONE = new byte[0];
  private static final int ENTITIES = 3_000;
  private static final int CALLS_MAX = 20;

  /** Each look at it takes half of what a call may: some hundred candidates, and it is spent. */
  private static final class HurryingClock implements Clock {
    private long nanos;

    @Override
    public long wallMicros() {
      return 0;
    }

    @Override
    public long monotonicNanos() {
      return nanos += Budget.NANOS_MAX / 2;
    }
  }

  private final Shelf shelf = new Shelf(1, DatabaseIndexes.AUTOMATIC, new HurryingClock());

  private void put(long id, int value) {
    shelf.put(
        new Entity(
            new Key(RandomQueries.PARTITION, List.of(PathElement.ofId("K", id))),
            Map.of("a", Value.of(new Value.IntegerValue(value)))));
  }

  @Test
  void eachCallGoesOnBehindWhatTheLastOnePassed() {
    for (int id = 1; id <= ENTITIES; id++) {
      put(id, 1);
    }
    put(ENTITIES + 1, 2);
    Query query = GqlTexts.query("SELECT DISTINCT a FROM K");
    int results = 0;
    int calls = 0;
    QueryBatch batch;
    byte[] cursor = NONE;
    do {
      batch = shelf.run(with(query, cursor, NONE, 0, null));
      results += batch.results().size();
      cursor = batch.endCursor();
      calls++;
    } while (batch.moreResults() == MoreResults.NOT_FINISHED && calls < CALLS_MAX);
    assertThat(batch.moreResults()).isEqualTo(MoreResults.NO_MORE_RESULTS);
    assertThat(calls).isGreaterThan(2);
    assertThat(results).isEqualTo(2);
  }
}
