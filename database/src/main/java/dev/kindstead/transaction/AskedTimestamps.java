package dev.kindstead.transaction;

import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.transaction.TimestampMessages.Request;
import dev.kindstead.transaction.TimestampMessages.Take;
import dev.kindstead.transaction.TimestampMessages.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Timestamps of another node's oracle. One question at a time is on its way, for all who waited
 * when it was sent: the more there are, the less each costs.
 *
 * <p>Thread-safe.
 *
 * <p><b>Invariant.</b> Whoever asks is answered by a question that was sent afterwards. So a time
 * to read at is not below what was acknowledged before, and timestamps are above what was read at.
 */
final class AskedTimestamps implements Timestamps {
  /** An oracle that does not answer for so long is taken for lost; its lease is over by then. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);

  /** Who waits; with a count of zero for a time to read at. */
  private record Waiting(int count, CompletableFuture<Taken> taken) {}

  private final Supplier<Optional<String>> oracle;
  private final Network network;
  private final Object lock = new Object();
  private List<Waiting> waiting = new ArrayList<>();
  private boolean asking;

  /**
   * @param oracle the node whose oracle hands out timestamps now, as far as this one knows
   */
  AskedTimestamps(Supplier<Optional<String>> oracle, Network network) {
    this.oracle = oracle;
    this.network = network;
  }

  @Override
  public CompletableFuture<Long> next(int count) {
    return take(count).thenApply(Taken::first);
  }

  @Override
  public CompletableFuture<ReadTime> read() {
    return take(0).thenApply(Taken::read);
  }

  @Override
  public CompletableFuture<Void> announce(int shard, long term, String leader) {
    return ask(new TimestampMessages.Announce(shard, term, leader)).thenApply(_ -> null);
  }

  @Override
  public CompletableFuture<Map<Integer, String>> leaders() {
    return ask(new TimestampMessages.Leaders()).thenApply(TimestampMessages::decodeLeaders);
  }

  private CompletableFuture<Taken> take(int count) {
    var mine = new Waiting(count, new CompletableFuture<>());
    synchronized (lock) {
      waiting.add(mine);
      if (asking) {
        return mine.taken();
      }
      asking = true;
    }
    askForAll();
    return mine.taken();
  }

  private void askForAll() {
    List<Waiting> all;
    synchronized (lock) {
      if (waiting.isEmpty()) {
        asking = false;
        return;
      }
      all = waiting;
      waiting = new ArrayList<>();
    }
    int count = all.stream().mapToInt(Waiting::count).sum();
    ask(new Take(count))
        .thenApply(TimestampMessages::decodeTaken)
        .whenComplete((taken, failure) -> {
          askForAll();
          if (failure == null) {
            share(all, taken);
          } else {
            all.forEach(one -> one.taken().completeExceptionally(TransactionErrors.notLed()));
          }
        });
  }

  private static void share(List<Waiting> all, Taken taken) {
    long first = taken.first();
    for (Waiting one : all) {
      one.taken().complete(new Taken(first, taken.read()));
      first += one.count();
    }
  }

  private CompletableFuture<byte[]> ask(Request request) {
    return oracle
        .get()
        .map(node ->
            network.call(
                node, Network.Service.TIMESTAMPS, TimestampMessages.encode(request), ANSWER_LIMIT))
        .orElseGet(() -> CompletableFuture.failedFuture(TransactionErrors.notLed()));
  }

  /** Answers other nodes' questions, by this node's oracle and clock. */
  static Network.Handler answering(Timestamps own, Clock clock) {
    return (from, bytes) -> {
      Request request;
      try {
        request = TimestampMessages.decode(bytes);
      } catch (CorruptBytesException otherVersion) {
        return CompletableFuture.failedFuture(otherVersion);
      }
      return switch (request) {
        case Take(int count) -> taken(own, count).thenApply(TimestampMessages::encode);
        case TimestampMessages.Announce(int shard, long term, String leader) ->
            own.announce(shard, term, leader).thenApply(_ -> new byte[0]);
        case TimestampMessages.Leaders() -> own.leaders().thenApply(TimestampMessages::encode);
        case TimestampMessages.WallClock() ->
            CompletableFuture.completedFuture(
                TimestampMessages.encodeWallClock(clock.wallMicros()));
      };
    };
  }

  private static CompletableFuture<Taken> taken(Timestamps own, int count) {
    CompletableFuture<Long> first =
        count == 0 ? CompletableFuture.completedFuture(0L) : own.next(count);
    return first.thenCombine(own.read(), Taken::new);
  }
}
