package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.QueryResultBatch.MoreResultsType;
import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of a killed server know: which writes were acknowledged, and which were sent but
 * never answered, so that they may or may not have happened. Thread-safe.
 *
 * <p>Each key is written by one writer, with growing numbers, so that of a key only its last
 * acknowledged number and the one in flight are possible.
 */
final class Acknowledged {
  static final String NUMBER = "number";
  static final String PADDING = "padding";

  /** A commit within a transaction, with its answer unless the server died first. */
  record Transacted(CommitRequest request, Pair pair, long number) {}

  /** Two entities of different entity groups that a transaction writes together. */
  record Pair(Key first, Key second) {}

  private final Map<Key, Long> numbers = new ConcurrentHashMap<>();
  private final Map<Key, Long> inFlight = new ConcurrentHashMap<>();
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final Set<Key> allocated = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Map.Entry<Transacted, CommitResponse>> answers =
      new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Transacted> unanswered = new ConcurrentLinkedQueue<>();
  private final AtomicInteger foundApplied = new AtomicInteger();
  private final AtomicInteger foundRefused = new AtomicInteger();

  int count() {
    return numbers.size() + allocated.size() + answers.size();
  }

  @Override
  public String toString() {
    return "%d keys, %d pairs, %d ids, %d answered transactions; of those cut off %d applied, %d not"
        .formatted(
            numbers.size(),
            pairs.size(),
            allocated.size(),
            answers.size(),
            foundApplied.get(),
            foundRefused.get());
  }

  /** The entity every write stores: its content follows from its number. */
  static Entity entity(Key key, long number) {
    return Entity.newBuilder()
        .setKey(key)
        .putProperties(NUMBER, Raw.value(number))
        .putProperties(PADDING, Raw.value("x" + "y".repeat((int) (number * 37 % 700))))
        .build();
  }

  long next(Key key) {
    return Math.max(numbers.getOrDefault(key, 0L), inFlight.getOrDefault(key, 0L)) + 1;
  }

  void sending(Key key, long number) {
    inFlight.put(key, number);
  }

  void acknowledged(Key key, long number) {
    numbers.put(key, number);
  }

  void sending(Transacted transacted) {
    pairs.add(transacted.pair());
    sending(transacted.pair().first(), transacted.number());
    sending(transacted.pair().second(), transacted.number());
  }

  void acknowledged(Transacted transacted, CommitResponse answer) {
    acknowledged(transacted.pair().first(), transacted.number());
    acknowledged(transacted.pair().second(), transacted.number());
    answers.add(Map.entry(transacted, answer));
  }

  void unanswered(Transacted transacted) {
    unanswered.add(transacted);
  }

  /** An id that the server chose, for an insert or by AllocateIds. */
  void allocated(Key key) {
    assertThat(allocated.add(key)).as("given twice: %s", key).isTrue();
  }

  /** Compares all of it with what a restarted server says. */
  void assertKeptBy(RawGrpc grpc) {
    repeatUnanswered(grpc);
    Map<Key, Entity> stored = everything(grpc);
    numbers.forEach((key, number) -> {
      long sent = Math.max(number, inFlight.getOrDefault(key, number));
      long found = numberOf(stored.get(key));
      assertThat(found)
          .as("acknowledged with number %s, in flight %s: %s", number, sent, key)
          .isBetween(number, sent);
      numbers.put(key, found);
    });
    for (Pair pair : pairs) {
      assertThat(numberOf(stored.get(pair.first())))
          .as("half applied: %s", pair)
          .isEqualTo(numberOf(stored.get(pair.second())));
    }
    stored.forEach((key, entity) ->
        assertThat(entity.getPropertiesMap())
            .as("torn: %s", key)
            .isEqualTo(entity(key, numberOf(entity)).getPropertiesMap()));
    repeatAnswered(grpc);
  }

  /** Zero if there is no such entity; every written number is greater. */
  private static long numberOf(@Nullable Entity entity) {
    return entity == null ? 0 : entity.getPropertiesOrThrow(NUMBER).getIntegerValue();
  }

  /** The server still knows its answers of the last minutes; anything else would apply twice. */
  private void repeatAnswered(RawGrpc grpc) {
    List<Map.Entry<Transacted, CommitResponse>> some = new ArrayList<>(answers);
    for (var each : some.subList(Math.max(0, some.size() - 40), some.size())) {
      CommitResponse again = grpc.stub().commit(each.getKey().request());
      // Costs are of the call, not of the commit.
      assertThat(again.getMutationResultsList())
          .isEqualTo(each.getValue().getMutationResultsList());
      assertThat(again.getCommitTime()).isEqualTo(each.getValue().getCommitTime());
    }
  }

  /** A client that never got an answer asks again; from then on it must be true. */
  private void repeatUnanswered(RawGrpc grpc) {
    for (Transacted each = unanswered.poll(); each != null; each = unanswered.poll()) {
      try {
        acknowledged(each, grpc.stub().commit(each.request()));
        foundApplied.incrementAndGet();
      } catch (StatusRuntimeException refused) {
        foundRefused.incrementAndGet();
        LookupResponse both = grpc.lookup(each.pair().first(), each.pair().second());
        for (EntityResult result : both.getFoundList()) {
          assertThat(numberOf(result.getEntity()))
              .as("refused with %s but applied", refused.getStatus())
              .isLessThan(each.number());
        }
      }
    }
  }

  private static Map<Key, Entity> everything(RawGrpc grpc) {
    Map<Key, Entity> all = new HashMap<>();
    ByteString cursor = ByteString.EMPTY;
    while (true) {
      Query.Builder query = Query.newBuilder().setStartCursor(cursor);
      query.addKindBuilder().setName(Writers.KIND);
      var batch = grpc.query(query.build()).getBatch();
      for (EntityResult each : batch.getEntityResultsList()) {
        all.put(each.getEntity().getKey().toBuilder().clearPartitionId().build(), each.getEntity());
      }
      cursor = batch.getEndCursor();
      if (batch.getMoreResults() == MoreResultsType.NO_MORE_RESULTS) {
        return all;
      }
    }
  }
}
