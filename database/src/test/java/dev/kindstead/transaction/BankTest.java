package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Transfers between accounts on all shards, with logs that refuse, lose their leader and crash: the
 * sum stays what it was, in every snapshot, and no latch or lock is left.
 */
final class BankTest {
  private static final int SEEDS = 60;
  private static final int ACCOUNTS = 6;
  private static final long BALANCE = 100;
  private static final int ROUNDS = 60;

  @ParameterizedTest
  @EnumSource(ConcurrencyMode.class)
  void theSumStays(ConcurrencyMode mode) {
    int committed = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      committed += new Run(seed, mode).run();
    }
    assertThat(committed).isGreaterThan(SEEDS);
  }

  private static final class Run {
    private final World world;
    private final RandomGenerator random;
    private final long seed;
    private final List<Key> accounts = new ArrayList<>();
    private int committed;
    private @Nullable AssertionError wrong;

    Run(long seed, ConcurrencyMode mode) {
      this.seed = seed;
      random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      world = new World(mode);
      for (int i = 0; i < ACCOUNTS; i++) {
        accounts.add(keyOn(i % World.SHARDS, i));
        world.put(upsert(accounts.get(i), BALANCE));
      }
    }

    int run() {
      for (int round = 0; round < ROUNDS; round++) {
        startTransfer();
        startAudit();
        for (int steps = random.nextInt(12); steps > 0; steps--) {
          world.step();
        }
        disturb();
        if (wrong != null) {
          throw wrong;
        }
      }
      settle();
      return committed;
    }

    private void startTransfer() {
      Key from = accounts.get(random.nextInt(ACCOUNTS));
      Key to = accounts.get(random.nextInt(ACCOUNTS));
      if (from.equals(to)) {
        return;
      }
      long amount = random.nextInt(10);
      var begun =
          world.transactions().begin(World.DATABASE, new TransactionOptions.ReadWrite(null));
      begun
          .thenCompose(id -> balances(new ReadMode.InTransaction(id), List.of(from, to)))
          .thenCombine(begun, (balances, id) -> transfer(id, from, to, amount, balances))
          .thenCompose(commit -> commit)
          .thenAccept(_ -> committed++);
    }

    private CompletableFuture<CommitResult> transfer(
        TransactionId id, Key from, Key to, long amount, Map<Key, @Nullable Long> balances) {
      return world.startCommit(
          id,
          upsert(from, balance(balances, from) - amount),
          upsert(to, balance(balances, to) + amount));
    }

    private static long balance(Map<Key, @Nullable Long> balances, Key key) {
      Long balance = balances.get(key);
      assertThat(balance).isNotNull();
      return balance == null ? 0 : balance;
    }

    private CompletableFuture<Map<Key, @Nullable Long>> balances(ReadMode mode, List<Key> keys) {
      return world
          .transactions()
          .readKeys(World.DATABASE, mode, keys)
          .thenApply(session -> {
            try (session) {
              var balances = new HashMap<Key, @Nullable Long>();
              keys.forEach(key -> balances.put(key, World.read(session, key)));
              return balances;
            }
          });
    }

    private void startAudit() {
      if (random.nextInt(4) == 0) {
        balances(new ReadMode.Strong(), accounts)
            .thenAccept(this::check)
            .exceptionally(failure -> {
              if (failure.getCause() instanceof AssertionError error) {
                wrong = error;
              }
              return null;
            });
      }
    }

    private void check(Map<Key, @Nullable Long> balances) {
      long sum = 0;
      for (Key account : accounts) {
        sum += balance(balances, account);
      }
      assertThat(sum).as("seed %d: %s", seed, balances).isEqualTo(ACCOUNTS * BALANCE);
    }

    private void disturb() {
      ManualLog log = world.log(random.nextInt(World.SHARDS));
      switch (random.nextInt(12)) {
        case 0 -> log.refuseNext(1 + random.nextInt(3));
        case 1 -> log.pause();
        case 2 -> log.resume();
        case 3 -> log.depose(random.nextInt(log.openProposals() + 1));
        case 4 -> {
          for (int shard = 0; shard < World.SHARDS; shard++) {
            ManualLog crashing = world.log(shard);
            crashing.crash(random.nextInt(crashing.openProposals() + 1));
          }
          world.restart();
        }
        default -> world.pass(Duration.ofMillis(random.nextInt(50)));
      }
    }

    private void settle() {
      for (int shard = 0; shard < World.SHARDS; shard++) {
        world.log(shard).resume();
        world.log(shard).refuseNext(0);
      }
      world.pass(Duration.ofSeconds(70));
      check(world.await(balances(new ReadMode.Strong(), accounts)));
      assertThat(world.heldLatches()).as("seed %d", seed).isZero();
      for (Key account : accounts) {
        world.put(upsert(account, 0));
      }
    }
  }
}
