package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.protobuf.ByteString;
import dev.kindstead.acceptance.HttpCalls.Failed;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All writes that were tried on a cluster, and what each was answered. Every write makes entities
 * of its own, which carry its token, so that each is either there once or not there. Thread-safe.
 */
final class Attempts {
  static final String KIND = "Attempt";
  static final String TOKEN = "token";
  static final String COUNTER = "counter";
  static final String NUMBER = "number";

  private static final Duration ENOUGH_MAX = Duration.ofMinutes(1);
  private static final Duration LOOKING = Duration.ofMillis(50);

  private enum Fate {
    ACKNOWLEDGED,
    NOT_APPLIED,
    UNKNOWN,
    UNKNOWN_IN_PARTS
  }

  /** A commit of a transaction that nobody knows the outcome of: repeated, it tells. */
  private record Repeatable(String token, CommitRequest request) {}

  private final AtomicInteger tokens = new AtomicInteger();
  private final Map<String, Fate> fates = new ConcurrentHashMap<>();
  private final Map<String, Integer> entities = new ConcurrentHashMap<>();
  private final Set<Key> allocated = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Repeatable> repeatable = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> surprises = new ConcurrentLinkedQueue<>();
  private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
  private final AtomicLong answeredNanos = new AtomicLong(System.nanoTime());
  private final AtomicLong silenceNanosMax = new AtomicLong();
  private volatile @Nullable LocalTime silenceEnd;

  /** A new token, for a write of this many entities. */
  String token(int count) {
    String token = "t" + tokens.incrementAndGet();
    entities.put(token, count);
    fates.put(token, Fate.UNKNOWN);
    return token;
  }

  static Entity entity(Key key, String token) {
    return Raw.entity(key, TOKEN, Raw.value(token));
  }

  void acknowledged(String token) {
    fates.put(token, Fate.ACKNOWLEDGED);
    long now = System.nanoTime();
    long silence = now - answeredNanos.getAndSet(now);
    if (silence > silenceNanosMax.getAndAccumulate(silence, Math::max)) {
      silenceEnd = LocalTime.now(ZoneId.systemDefault());
    }
  }

  /** An id that the server chose. */
  void allocated(Key key) {
    if (!allocated.add(key.toBuilder().clearPartitionId().build())) {
      surprises.add("given twice: " + key);
    }
  }

  /**
   * @param request to be repeated, null if that would write twice
   */
  void failed(String token, Failed failure, @Nullable CommitRequest request) {
    failedRead(failure);
    if (failure.isNotApplied()) {
      fates.put(token, Fate.NOT_APPLIED);
    } else if (!failure.isUnknown()) {
      surprises.add(token + " " + failure.getMessage());
    } else if (request != null) {
      repeatable.add(new Repeatable(token, request));
    }
  }

  /** Of a commit that each shard takes by itself. */
  void unknownInParts(String token, Failed failure) {
    failedRead(failure);
    fates.put(token, Fate.UNKNOWN_IN_PARTS);
  }

  /** By a client that has tried several times: nothing is certain. */
  void unknown(String token, Throwable failure) {
    count("client: " + failure.getMessage());
    fates.put(token, Fate.UNKNOWN);
  }

  /** Nothing was to be written by what failed. */
  void failedRead(Failed failure) {
    count(String.valueOf(failure.getMessage()));
    if (!failure.isNotApplied() && !failure.isUnknown()) {
      surprises.add(String.valueOf(failure.getMessage()));
    }
  }

  private void count(String failure) {
    failures
        .computeIfAbsent(failure.replaceAll("\\d{2,}", "N"), _ -> new AtomicInteger())
        .incrementAndGet();
  }

  void assertNoSurprise() {
    assertThat(surprises).isEmpty();
  }

  long acknowledgedCount() {
    return count(Fate.ACKNOWLEDGED);
  }

  /** Waits until more than so many are acknowledged: how fast that is says nothing here. */
  void awaitMoreThan(long acknowledged) {
    long end = System.nanoTime() + ENOUGH_MAX.toNanos();
    while (acknowledgedCount() <= acknowledged && System.nanoTime() - end < 0) {
      Pause.of(LOOKING);
    }
    assertThat(acknowledgedCount()).isGreaterThan(acknowledged);
  }

  private long count(Fate fate) {
    return fates.values().stream().filter(each -> each == fate).count();
  }

  @Override
  public String toString() {
    return "%d acknowledged, %d not applied, %d unknown, %d ids; longest silence %d ms until %s; failures %s"
        .formatted(
            count(Fate.ACKNOWLEDGED),
            count(Fate.NOT_APPLIED),
            count(Fate.UNKNOWN),
            allocated.size(),
            silenceNanosMax.get() / 1_000_000,
            silenceEnd,
            failures);
  }

  /** Asks again for the outcome of each transaction that was left without one. */
  void settle(HttpCalls calls) {
    for (Repeatable each = repeatable.poll(); each != null; each = repeatable.poll()) {
      try {
        calls.commit(each.request());
        fates.put(each.token(), Fate.ACKNOWLEDGED);
      } catch (Failed failure) {
        assertThat(failure.isNotApplied()).as(failure.getMessage()).isTrue();
        fates.put(each.token(), Fate.NOT_APPLIED);
      }
    }
  }

  /** Compares all of it with what a node says. */
  void assertKeptBy(HttpCalls calls) throws Failed {
    var stored = new HashMap<String, List<Entity>>();
    var counts = new HashMap<String, List<Long>>();
    for (Entity each : everything(calls, KIND)) {
      stored
          .computeIfAbsent(
              each.getPropertiesOrThrow(TOKEN).getStringValue(), _ -> new ArrayList<>())
          .add(each);
      if (each.containsProperties(COUNTER)) {
        counts
            .computeIfAbsent(
                each.getPropertiesOrThrow(COUNTER).getStringValue(), _ -> new ArrayList<>())
            .add(each.getPropertiesOrThrow(NUMBER).getIntegerValue());
      }
    }
    fates.forEach((token, fate) -> {
      int found = stored.getOrDefault(token, List.of()).size();
      int whole = entities.getOrDefault(token, 0);
      assertThat(found)
          .as("%s %s: %s", token, fate, stored.get(token))
          .isIn(
              switch (fate) {
                case ACKNOWLEDGED -> List.of(whole);
                case NOT_APPLIED -> List.of(0);
                case UNKNOWN -> List.of(0, whole);
                case UNKNOWN_IN_PARTS -> IntStream.rangeClosed(0, whole).boxed().toList();
              });
    });
    assertThat(fates.keySet()).containsAll(stored.keySet());
    for (Entity each : everything(calls, COUNTER)) {
      String name = each.getKey().getPath(0).getName();
      long number = each.getPropertiesOrThrow(NUMBER).getIntegerValue();
      List<Long> numbers = counts.getOrDefault(name, List.of());
      assertThat(numbers).as(name).doesNotHaveDuplicates().hasSize((int) number);
    }
  }

  private static List<Entity> everything(HttpCalls calls, String kind) throws Failed {
    var all = new ArrayList<Entity>();
    ByteString cursor = ByteString.EMPTY;
    while (true) {
      var request = RunQueryRequest.newBuilder();
      request.getQueryBuilder().setStartCursor(cursor).addKindBuilder().setName(kind);
      RunQueryResponse answer = calls.query(request);
      answer.getBatch().getEntityResultsList().forEach(each -> all.add(each.getEntity()));
      cursor = answer.getBatch().getEndCursor();
      if (answer.getBatch().getEntityResultsCount() == 0) {
        return all;
      }
    }
  }
}
