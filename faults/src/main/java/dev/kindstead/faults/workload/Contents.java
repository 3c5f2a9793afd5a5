package dev.kindstead.faults.workload;

import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RunQueryRequest;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that a round's clients have left in its project. Immutable.
 *
 * @param lists by object
 * @param elements as they came, so that one that is there twice shows
 * @param balances by account
 * @param registers of all epochs
 * @param indexed what indexes say beside it
 * @param readTime of the strong read that it began with
 * @param epochs how many kinds of lists were read
 */
public record Contents(
    Map<String, List<Integer>> lists,
    List<Long> elements,
    Map<String, Long> balances,
    Registers registers,
    IndexedRows indexed,
    Timestamp readTime,
    long epochs) {
  private static final int BATCHES_MAX = 100_000;

  public Contents {
    lists = new TreeMap<>(lists);
    elements = List.copyOf(elements);
    balances = new TreeMap<>(balances);
  }

  /** Reads it all through one node. Nobody may be writing. */
  static Contents read(Calls calls, ReadOptions options, long epochs, long registerEpochs)
      throws Failed {
    Timestamp time =
        options.hasReadTime()
            ? options.getReadTime()
            : calls.lookup(options, List.of(Rows.key(BankClient.KIND, "none"))).getReadTime();
    Map<String, List<Integer>> lists = new HashMap<>();
    for (long epoch = 0; epoch < epochs; epoch++) {
      String kind = ListClient.KIND + epoch;
      for (EntityResult each : all(calls, options, kind)) {
        Entity entity = each.getEntity();
        lists.put(
            ListClient.object(kind, Rows.name(entity)), Rows.numbers(entity, ListClient.ELEMENTS));
      }
    }
    List<Long> elements =
        all(calls, options, SetClient.KIND).stream()
            .map(each -> Rows.number(each.getEntity(), SetClient.VALUE))
            .toList();
    return new Contents(
        lists,
        elements,
        BankClient.balances(all(calls, options, BankClient.KIND)),
        Registers.read(calls, options, registerEpochs),
        IndexedRows.read(calls, options, IndexedRows.questions()),
        time,
        epochs);
  }

  /** Reads as much as this is again, through any node. */
  Contents readAgain(Calls calls, ReadOptions options) throws Failed {
    return read(calls, options, epochs, registers.epochs());
  }

  private static List<EntityResult> all(Calls calls, ReadOptions options, String kind)
      throws Failed {
    var request = RunQueryRequest.newBuilder();
    request.getQueryBuilder().addKindBuilder().setName(kind);
    return all(calls, options, request);
  }

  /** All results of a query, in batches. */
  static List<EntityResult> all(Calls calls, ReadOptions options, RunQueryRequest.Builder request)
      throws Failed {
    request.setReadOptions(options);
    List<EntityResult> all = new ArrayList<>();
    ByteString cursor = ByteString.EMPTY;
    for (int i = 0; i < BATCHES_MAX; i++) {
      request.getQueryBuilder().setStartCursor(cursor);
      QueryResultBatch batch = calls.query(request).getBatch();
      if (batch.getEntityResultsCount() == 0) {
        break;
      }
      all.addAll(batch.getEntityResultsList());
      cursor = batch.getEndCursor();
    }
    return all;
  }

  /** What differs, in one line for each part; when it was read is of no interest. */
  List<String> differences(Contents other, String who) {
    List<String> found = new ArrayList<>();
    if (!lists.equals(other.lists)) {
      found.add("%s: other lists: %s and %s".formatted(who, lists, other.lists));
    }
    if (!elements.equals(other.elements)) {
      found.add("%s: other elements: %s and %s".formatted(who, elements, other.elements));
    }
    if (!balances.equals(other.balances)) {
      found.add("%s: other balances: %s and %s".formatted(who, balances, other.balances));
    }
    if (!registers.equals(other.registers)) {
      found.add("%s: other registers: %s and %s".formatted(who, registers, other.registers));
    }
    if (!indexed.equals(other.indexed)) {
      found.add("%s: other indexed: %s and %s".formatted(who, indexed, other.indexed));
    }
    found.addAll(other.indexed.anomalies(who));
    return found;
  }
}
