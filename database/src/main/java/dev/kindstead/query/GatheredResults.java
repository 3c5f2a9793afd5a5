package dev.kindstead.query;

import dev.kindstead.query.QueryBatch.QueryResult;
import dev.kindstead.storage.EntityRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of one batch. Rows are gathered first, so that the entities they need can be read
 * together; a row whose results no longer fit into the batch is dropped, and those after it. Made
 * for one use, confined to one thread; may wait for the disk.
 */
final class GatheredResults {
  /** Entities read together at first, when nothing is known of their size. */
  private static final int TOGETHER_FIRST = 20;

  /** Entities read together at most. */
  private static final int TOGETHER_MAX = 100;

  private final Materialization materialization;
  private final int bytesMax;
  private final List<Row> gathered = new ArrayList<>();
  private final List<QueryResult> results = new ArrayList<>();
  private int together = TOGETHER_FIRST;
  private int bytes;

  /** Of the entities as they were read, of which a mask may leave little. */
  private long storedBytes;

  private boolean cut;
  private @Nullable Position last;

  /**
   * @param bytesMax the batch ends with the result that reaches this
   */
  GatheredResults(Materialization materialization, int bytesMax) {
    this.materialization = materialization;
    this.bytesMax = bytesMax;
  }

  /** Rows that are results, as far as is known before they are read. */
  int size() {
    return results.size() + gathered.size();
  }

  void add(Row row) {
    gathered.add(row);
    if (gathered.size() >= together) {
      complete();
    }
  }

  /** Makes results of what is gathered. */
  void complete() {
    List<EntityRow> entities = materialization.entities(gathered);
    for (int i = 0; i < gathered.size(); i++) {
      if (isFull()) {
        cut = true;
        break;
      }
      Row row = gathered.get(i);
      QueryResult result =
          entities.isEmpty()
              ? materialization.covered(row)
              : materialization.whole(row, entities.get(i));
      results.add(result);
      storedBytes += entities.isEmpty() ? 0 : entities.get(i).entity().length;
      bytes += result.entity().length + result.cursor().length;
      last = row.position();
    }
    gathered.clear();
    if (bytes > 0) {
      long fitting = (long) (bytesMax - bytes) * results.size() / bytes;
      long held = (long) bytesMax * results.size() / Math.max(storedBytes, 1);
      together = Math.clamp(Math.min(fitting, held), 1, TOGETHER_MAX);
    }
  }

  /** Whether no further result belongs to the batch. */
  boolean isFull() {
    return bytes >= bytesMax;
  }

  /** Whether rows that were added did not fit. */
  boolean isCut() {
    return cut;
  }

  /** The place of the last result; null while there is none. */
  @Nullable Position last() {
    return last;
  }

  List<QueryResult> results() {
    return results;
  }
}
