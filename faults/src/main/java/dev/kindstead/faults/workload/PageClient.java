package dev.kindstead.faults.workload;

import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.PropertyFilter;
import com.google.datastore.v1.PropertyOrder;
import com.google.datastore.v1.PropertyReference;
import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.QueryResultBatch.MoreResultsType;
import com.google.datastore.v1.RunQueryRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Timestamp;
import dev.kindstead.faults.workload.Notes.Work;
import dev.kindstead.simulation.check.CursorPages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Reads the newest elements at once, then at the same time in pages, each through another node. */
final class PageClient extends Client {
  private static final int NEWEST = 2_000;
  private static final int PAGE_MIN = 8;
  private static final int PAGE_SPAN = 60;
  private static final int PAGES_MAX = NEWEST;

  PageClient(Notes notes, List<Calls> nodes, Random random, int number) {
    super(Work.PAGES, notes, nodes, random, number);
  }

  @Override
  Optional<Probe> work(Calls calls) throws Failed {
    boolean descending = random.nextBoolean();
    long from = (long) notes.number() - NEWEST;
    QueryResultBatch whole = calls.query(request(from, descending)).getBatch();
    if (whole.getMoreResults() != MoreResultsType.NO_MORE_RESULTS) {
      // A batch has a limit of its own: then there is nothing to compare with.
      return Optional.empty();
    }
    List<List<Long>> pages = new ArrayList<>();
    ByteString cursor = ByteString.EMPTY;
    int size = PAGE_MIN + random.nextInt(PAGE_SPAN);
    for (int page = 0; page < PAGES_MAX; page++) {
      QueryResultBatch next = page(whole.getReadTime(), request(from, descending), cursor, size);
      if (next.getEntityResultsCount() == 0) {
        break;
      }
      pages.add(values(next));
      cursor = next.getEndCursor();
    }
    CursorPages.anomalies(values(whole), pages).forEach(notes::anomaly);
    return Optional.of(Probe.PAGED_QUERIES);
  }

  private static RunQueryRequest.Builder request(long from, boolean descending) {
    var request = RunQueryRequest.newBuilder();
    var query = request.getQueryBuilder();
    query.addKindBuilder().setName(SetClient.KIND);
    var value = PropertyReference.newBuilder().setName(SetClient.VALUE).build();
    query
        .getFilterBuilder()
        .getPropertyFilterBuilder()
        .setProperty(value)
        .setOp(PropertyFilter.Operator.GREATER_THAN)
        .setValue(Rows.value(from));
    query
        .addOrderBuilder()
        .setProperty(value)
        .setDirection(
            descending ? PropertyOrder.Direction.DESCENDING : PropertyOrder.Direction.ASCENDING);
    return request;
  }

  private QueryResultBatch page(
      Timestamp time, RunQueryRequest.Builder request, ByteString cursor, int size) throws Failed {
    request.setReadOptions(Rows.at(time));
    request.getQueryBuilder().setStartCursor(cursor).setLimit(Int32Value.of(size));
    try {
      return someNode().query(request).getBatch();
    } catch (Failed once) {
      failed(once);
      return someNode().query(request).getBatch();
    }
  }

  private static List<Long> values(QueryResultBatch batch) {
    return batch.getEntityResultsList().stream()
        .map(EntityResult::getEntity)
        .map(entity -> Rows.number(entity, SetClient.VALUE))
        .toList();
  }
}
