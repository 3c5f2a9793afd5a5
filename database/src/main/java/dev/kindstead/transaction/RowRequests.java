package dev.kindstead.transaction;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.replication.StoredState;
import dev.kindstead.storage.RowPage;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.storage.StorageException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers other nodes' questions about rows of the shards that this one leads.
 *
 * <p>Thread-safe; the store is read on the injected executor, whose threads wait for nothing else:
 * two nodes may read each other's shards.
 */
final class RowRequests implements Network.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(RowRequests.class);

  private final List<Participant> participants;
  private final Executor reading;
  private final Timers timers;
  private final Clock clock;

  /**
   * @param reading whose threads may wait for the disk
   */
  RowRequests(List<Participant> participants, Executor reading, Timers timers, Clock clock) {
    this.participants = participants;
    this.reading = reading;
    this.timers = timers;
    this.clock = clock;
  }

  @Override
  public CompletableFuture<byte[]> handle(String from, byte[] request) {
    try {
      RowQuestion.About about = RowQuestion.decode(request);
      if (about.shard() < 0 || about.shard() >= participants.size()) {
        throw new CorruptBytesException("there is no shard " + about.shard());
      }
      return answer(participants.get(about.shard()), about.question(), from)
          .handle((answer, failure) ->
              failure == null ? ShardAnswer.done(answer) : ShardAnswer.failed(failure));
    } catch (CorruptBytesException otherVersion) {
      return CompletableFuture.failedFuture(otherVersion);
    } catch (DatastoreException refused) {
      return CompletableFuture.completedFuture(ShardAnswer.failed(refused));
    }
  }

  private CompletableFuture<byte[]> answer(Participant shard, RowQuestion question, String from) {
    if (!shard.leads()) {
      throw TransactionErrors.notLed();
    }
    return switch (question) {
      case RowQuestion.Fetch fetch ->
          Opening.attempt(
                  () -> shard.passage(fetch.micros(), fetch.term(), fetch.keys()),
                  timers,
                  OwnShard.PASS_LIMIT)
              .thenApplyAsync(inTime(_ -> fetched(shard, fetch)), reading);
      case RowQuestion.LookUp(var micros, var logIndex, var keys) ->
          at(
              shard,
              micros,
              logIndex,
              snapshot -> RowAnswers.encodeRows(RowPage.lookUp(snapshot, arrays(keys))));
      case RowQuestion.Scan(var micros, var logIndex, var range, var rowsMax) ->
          at(
              shard,
              micros,
              logIndex,
              snapshot -> RowAnswers.encode(RowPage.scan(snapshot, range, rowsMax)));
      case RowQuestion.Changed(var micros, var logIndex, var since, var first, var until) ->
          at(
              shard,
              micros,
              logIndex,
              snapshot ->
                  RowAnswers.encodeChanged(
                      Optional.ofNullable(snapshot.changedSince(since, first, until))));
      case RowQuestion.Member() ->
          CompletableFuture.completedFuture(RowAnswers.encodeMember(shard.hasMember(from)));
      case RowQuestion.Indexes() ->
          CompletableFuture.completedFuture(shard)
              .thenApplyAsync(inTime(RowRequests::indexes), reading);
    };
  }

  /** What whoever asks has given up by the time it gets a thread is not begun. */
  private <T> Function<T, byte[]> inTime(Function<T, byte[]> work) {
    long askedNanos = clock.monotonicNanos();
    return given -> {
      if (clock.monotonicNanos() - askedNanos > AskedRows.ANSWER_LIMIT.toNanos()) {
        throw TransactionErrors.notLed();
      }
      try {
        return work.apply(given);
      } catch (StorageException unreadable) {
        LOG.error("a read for another node has failed", unreadable);
        throw unreadable.asRefusal();
      }
    };
  }

  private static byte[] indexes(Participant shard) {
    return RowAnswers.encodeIndexes(StoredState.indexes(shard.store().store()));
  }

  private static byte[] fetched(Participant shard, RowQuestion.Fetch fetch) {
    long logIndex = shard.appliedLogIndex();
    try (Snapshot snapshot = shard.store().snapshot(fetch.micros())) {
      List<byte[]> rows = RowPage.lookUp(snapshot, arrays(fetch.keys()));
      boolean isOutdated = isOutdated(shard, fetch.keys(), fetch.micros());
      return RowAnswers.encode(new RowAnswers.Fetched(logIndex, isOutdated, rows));
    }
  }

  /** Whether one of these entities was written or deleted after a time. */
  static boolean isOutdated(Participant shard, List<Bytes> keys, long micros) {
    if (shard.store().lastApplied() <= micros) {
      return false;
    }
    for (Bytes key : keys) {
      byte[] from = key.array();
      if (shard.store().entitiesChangedSince(from, ByteOrder.after(from), micros)) {
        return true;
      }
    }
    return false;
  }

  /** A new leader may still have to apply what the one before had. */
  private CompletableFuture<byte[]> at(
      Participant shard, long micros, long logIndex, Function<Snapshot, byte[]> answering) {
    return shard
        .appliedWithin(AskedRows.ANSWER_LIMIT, logIndex)
        .thenApplyAsync(inTime(isApplied -> read(isApplied, shard, micros, answering)), reading);
  }

  private static byte[] read(
      boolean isApplied, Participant shard, long micros, Function<Snapshot, byte[]> answering) {
    if (!isApplied) {
      throw TransactionErrors.notLed();
    }
    try (Snapshot snapshot = shard.store().snapshot(micros)) {
      return answering.apply(snapshot);
    }
  }

  private static List<byte[]> arrays(List<Bytes> keys) {
    return keys.stream().map(Bytes::array).toList();
  }
}
