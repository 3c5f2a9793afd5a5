package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Bytes;
import org.junit.jupiter.api.Test;

/** A shard that has just come to a transaction's home may hold a lock of its stand-in. */
final class StandInTest {
  private static final Bytes KEY = Bytes.of(new byte[] {1});

  private final LockTable locks = new LockTable();

  private static LockOwner owner(int id, long age) {
    return new LockOwner(new TransactionId(Bytes.of(new byte[] {(byte) id})), age);
  }

  @Test
  void aTransactionDoesNotWaitForItsStandIn() {
    LockOwner standIn = owner(1, 5);
    LockOwner itself = owner(1, 5);
    locks.lockShared(KEY, standIn, () -> {});
    assertThat(locks.others(KEY, itself)).isEmpty();
    assertThat(locks.awaitRelease(KEY, itself, 5, () -> {})).isFalse();
    LockOwner other = owner(2, 6);
    assertThat(locks.others(KEY, other)).containsExactly(standIn);
    assertThat(locks.awaitRelease(KEY, other, 6, () -> {})).isTrue();
  }
}
