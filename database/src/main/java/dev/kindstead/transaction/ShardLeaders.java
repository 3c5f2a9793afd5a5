package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Who leads each shard: by the word of this node's replica, and where it has none, of the oracle,
 * to which all leaders announce themselves. What turns out to be wrong is asked anew.
 *
 * <p>Thread-safe; nothing blocks.
 */
final class ShardLeaders {
  /** Between two questions to the oracle. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final IntFunction<Optional<String>> own;
  private final Supplier<CompletableFuture<Map<Integer, String>>> oracle;
  private final Clock clock;
  private final Map<Integer, String> told = new ConcurrentHashMap<>();
  private final AtomicLong askedNanos;

  /**
   * @param own who leads a shard by the word of this node's replica
   * @param oracle asked for who leads each shard
   */
  ShardLeaders(
      IntFunction<Optional<String>> own,
      Supplier<CompletableFuture<Map<Integer, String>>> oracle,
      Clock clock) {
    this.own = own;
    this.oracle = oracle;
    this.clock = clock;
    askedNanos = new AtomicLong(clock.monotonicNanos() - PAUSE.toNanos());
  }

  /** The node that leads a shard, as far as this one knows now. */
  Optional<String> of(int shard) {
    Optional<String> led = own.apply(shard);
    if (led.isPresent()) {
      return led;
    }
    Optional<String> known = Optional.ofNullable(told.get(shard));
    if (known.isEmpty()) {
      ask();
    }
    return known;
  }

  /** Whoever was said to lead a shard did not answer as its leader would. */
  void doubt(int shard) {
    told.remove(shard);
    ask();
  }

  private void ask() {
    long now = clock.monotonicNanos();
    long before = askedNanos.get();
    if (now - before >= PAUSE.toNanos() && askedNanos.compareAndSet(before, now)) {
      oracle
          .get()
          .thenAccept(all -> {
            told.keySet().retainAll(all.keySet());
            told.putAll(all);
          });
    }
  }
}
