package dev.kindstead.transaction;

import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.environment.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a node that does not serve, by its own replicas: those that may be a little old, and
 * those at a past timestamp. They are read at or below a {@link ClosedTimestamp} that the node that
 * serves was asked for; what can't be read so fails as not served.
 *
 * <p>Thread-safe; nothing here blocks.
 */
final class ReplicaReads {
  /** A closed timestamp asked for longer ago is asked for anew. */
  private static final Duration FRESH = Duration.ofMillis(200);

  /** While the node that serves can't be asked, a replica so far behind is recent enough. */
  private static final Duration STALE_MAX = Duration.ofSeconds(10);

  /** So long after the last question another one is asked though nobody reads. */
  private static final Duration KEPT = Duration.ofSeconds(3);

  private final List<Participant> participants;
  private final List<AskedRows> distant;
  private final SystemGroup system;
  private final Supplier<CompletableFuture<byte[]>> asking;
  private final Clock clock;
  private final Duration retention;

  /** The newest that is known to be applied here. */
  private volatile @Nullable Known applied;

  /** The newest that was heard of. */
  private @Nullable Known heard;

  private @Nullable CompletableFuture<Void> asked;

  /** What had been committed when this node first asked. */
  private volatile @Nullable ClosedTimestamp beginning;

  /**
   * What was heard.
   *
   * @param askedNanos before the timestamp was chosen, by the monotonic clock
   */
  private record Known(ClosedTimestamp closed, long askedNanos) {}

  /**
   * @param asking asks the node that serves for a closed timestamp
   */
  ReplicaReads(
      List<Participant> participants,
      List<AskedRows> distant,
      SystemGroup system,
      Supplier<CompletableFuture<byte[]>> asking,
      Clock clock,
      Duration retention) {
    this.participants = participants;
    this.distant = distant;
    this.system = system;
    this.asking = asking;
    this.clock = clock;
    this.retention = retention;
  }

  CompletableFuture<ReadSession> open(ReadMode mode) {
    return switch (mode) {
      case ReadMode.Eventual() -> refreshed().thenApply(_ -> openRecent());
      case ReadMode.AtTime(long micros) -> {
        Known known = applied;
        yield known != null && micros <= known.closed().micros()
            ? CompletableFuture.completedFuture(openAt(micros))
            : refreshed().thenApply(_ -> openAt(micros));
      }
      default -> throw TransactionErrors.notLed();
    };
  }

  private ReadSession openRecent() {
    Known known = applied;
    if (known == null || isOlder(known, STALE_MAX)) {
      throw TransactionErrors.notLed();
    }
    return openAt(known.closed(), known.closed().micros());
  }

  private ReadSession openAt(long micros) {
    Known known = applied;
    if (known == null
        || micros > known.closed().micros()
        || micros < known.closed().micros() - retention.toNanos() / 1_000) {
      throw TransactionErrors.notLed();
    }
    return openAt(known.closed(), micros);
  }

  private ReadSession openAt(ClosedTimestamp closed, long micros) {
    var passages = new ArrayList<Passage>(participants.size());
    for (Participant participant : participants) {
      int shard = participant.shard();
      long logIndex = closed.shards().get(shard);
      passages.add(
          participant.appliedLogIndex() >= logIndex
              ? new Passage.Here(participant, logIndex)
              : Passage.Elsewhere.of(shard, logIndex, distant.get(shard)));
    }
    return new OpenRead(passages, micros, null, null);
  }

  /** See {@link Transactions#keepReadable}. */
  void keepUp() {
    if (isKept()) {
      return;
    }
    var unused = refreshed().exceptionally(_ -> null); // then it stays what it is
  }

  /** Whether what was heard last will do; it may have come true meanwhile. */
  private synchronized boolean isKept() {
    apply();
    return heard != null && !isOlder(heard, KEPT);
  }

  /** See {@link Transactions#readableUntil}. */
  Optional<Long> readableUntil() {
    return Optional.ofNullable(applied).map(known -> known.closed().micros());
  }

  private boolean isOlder(Known known, Duration age) {
    return clock.monotonicNanos() - known.askedNanos() > age.toNanos();
  }

  /** Ends when there is nothing newer to be had now; one question answers all who wait. */
  private CompletableFuture<Void> refreshed() {
    Known known = applied;
    if (known != null && !isOlder(known, FRESH)) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> mine;
    synchronized (this) {
      if (asked != null) {
        return asked;
      }
      mine = new CompletableFuture<>();
      asked = mine;
    }
    long now = clock.monotonicNanos();
    asking
        .get()
        .whenComplete((bytes, failure) -> {
          try {
            synchronized (this) {
              asked = null;
              if (failure == null) {
                hear(bytes, now);
              }
              apply();
            }
            mine.complete(null);
          } catch (RuntimeException unreadable) {
            mine.completeExceptionally(unreadable);
          }
        });
    return mine;
  }

  private void hear(byte[] bytes, long askedNanos) {
    try {
      ClosedTimestamp closed = ClosedTimestamp.decode(bytes);
      if (closed.shards().size() == participants.size()) {
        apply(); // the one before, which may have come true meanwhile
        heard = new Known(closed, askedNanos);
      }
    } catch (CorruptBytesException otherVersion) {
      // A node of another version serves: it reads for us.
    }
  }

  /** Indexes are looked up after this replica of the system group has reached what was heard. */
  private void apply() {
    Known newest = heard;
    if (newest == null || newest == applied || behind(newest.closed(), true) > 0) {
      return;
    }
    system.follow();
    applied = newest;
  }

  /**
   * See {@link Transactions#behind}. Compared is with the first answer: under load, a replica never
   * holds what was committed a moment ago.
   */
  CompletableFuture<Integer> behind(boolean votes) {
    ClosedTimestamp known = beginning;
    return known == null
        ? refreshed().thenApply(_ -> behind(firstHeard(), votes))
        : CompletableFuture.completedFuture(behind(known, votes));
  }

  private synchronized ClosedTimestamp firstHeard() {
    Known first = heard;
    if (first == null) {
      throw TransactionErrors.notLed();
    }
    beginning = first.closed();
    return first.closed();
  }

  private int behind(ClosedTimestamp closed, boolean votes) {
    int count = votes && system.appliedLogIndex() < closed.system() ? 1 : 0;
    for (int shard = 0; shard < participants.size(); shard++) {
      Participant participant = participants.get(shard);
      if (participant.hasReplica() && participant.appliedLogIndex() < closed.shards().get(shard)) {
        count++;
      }
    }
    return count;
  }
}
