package dev.kindstead.transaction;

import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.environment.Network;
import dev.kindstead.environment.Waiting;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.NotServedException;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.storage.DistantSnapshot.RowSource;
import dev.kindstead.storage.RowPage;
import dev.kindstead.storage.RowRange;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a shard of which this node has no replica, by asking the shard's leader. What has no answer
 * fails as not served, and the whole read is repeated.
 *
 * <p>Thread-safe; only a {@link RowSource} waits.
 */
final class AskedRows {
  /** A leader that does not answer for so long is taken for lost. */
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  private final int shard;
  private final ShardLeaders leaders;
  private final Network network;
  private final Waiting waiting;

  AskedRows(int shard, ShardLeaders leaders, Network network, Waiting waiting) {
    this.shard = shard;
    this.leaders = leaders;
    this.network = network;
    this.waiting = waiting;
  }

  CompletableFuture<RowAnswers.Fetched> fetch(long micros, long term, List<Bytes> keys) {
    return ask(new RowQuestion.Fetch(micros, term, keys), RowAnswers::readFetched);
  }

  CompletableFuture<List<IndexRecord>> indexes() {
    return ask(new RowQuestion.Indexes(), RowAnswers::readIndexes);
  }

  /** Whether the shard's leader counts this node among those that have a replica. */
  CompletableFuture<Boolean> isMember() {
    return ask(new RowQuestion.Member(), RowAnswers::readMember);
  }

  /** The shard at a time that was passed at a log index. */
  RowSource at(long micros, long logIndex) {
    return new RowSource() {
      @Override
      public List<byte[]> lookUp(List<byte[]> entityKeys) {
        List<Bytes> keys = entityKeys.stream().map(Bytes::of).toList();
        var question = new RowQuestion.LookUp(micros, logIndex, keys);
        List<byte[]> rows = awaited(ask(question, RowAnswers::readRows));
        if (rows.isEmpty() || rows.size() > keys.size()) {
          throw TransactionErrors.notLed(); // an answer of another version
        }
        return rows;
      }

      @Override
      public RowPage scan(RowRange range, int rowsMax) {
        return awaited(
            ask(new RowQuestion.Scan(micros, logIndex, range, rowsMax), RowAnswers::readPage));
      }

      @Override
      public @Nullable Set<Bytes> changedSince(long since, byte[] from, byte[] until) {
        var question = new RowQuestion.Changed(micros, logIndex, since, from, until);
        return awaited(ask(question, RowAnswers::readChanged)).orElse(null);
      }
    };
  }

  private <T> T awaited(CompletableFuture<T> answer) {
    try {
      return waiting.join(answer);
    } catch (CompletionException e) {
      throw TransactionErrors.of(e);
    }
  }

  private <T> CompletableFuture<T> ask(RowQuestion question, Function<EntryReader, T> reading) {
    return leaders
        .of(shard)
        .map(node -> network.call(node, Network.Service.ROWS, question.encode(shard), ANSWER_LIMIT))
        .orElseGet(() -> CompletableFuture.failedFuture(TransactionErrors.notLed()))
        .thenApply(answer -> read(answer, reading))
        .exceptionally(failure -> {
          DatastoreException known = TransactionErrors.of(failure);
          if (known instanceof NotServedException) {
            leaders.doubt(shard);
          }
          throw known;
        });
  }

  private static <T> T read(byte[] answer, Function<EntryReader, T> reading) {
    try {
      return reading.apply(ShardAnswer.read(answer));
    } catch (CorruptBytesException otherVersion) {
      throw TransactionErrors.notLed();
    }
  }
}
