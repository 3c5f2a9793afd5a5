package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.storage.Change;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What a leader has latched counts for nothing when it leads again: another one may have led in
 * between, and committed what the part was validated against. Two guards see to that, each alone.
 */
final class PartOfAnotherTermTest {
  private static final Bytes TRANSACTION = Bytes.of(new byte[] {1});
  private static final Bytes KEY = Bytes.of(new byte[] {2});
  private static final Bytes OTHER_KEY = Bytes.of(new byte[] {3});
  private static final Prepare PREPARED =
      new Prepare(
          TRANSACTION,
          0,
          5,
          List.of(new Change.DeleteEntity(OTHER_KEY.array())),
          List.of(),
          List.of());

  private final World world = new World();
  private final Latches latches = new Latches();
  private final HeldParts held =
      new HeldParts(latches, Runnable::run, world, world, _ -> {}, () -> true, (_, _) -> {});

  private void hold(long term) {
    var nothing = new Evaluated(List.of(), List.of(), 0, 0);
    held.hold(
        new HeldPart(
            TRANSACTION,
            term,
            new Holder(Holder.NO_TIMESTAMP_YET),
            Set.of(KEY),
            Set.of(),
            List.of(),
            nothing,
            world.monotonicNanos()));
  }

  @Test
  void itIsNotPrepared() {
    hold(1);
    assertThat(held.ofTerm(TRANSACTION, 1).term()).isEqualTo(1);
    var prepared = CompletableFuture.supplyAsync(() -> held.ofTerm(TRANSACTION, 3), Runnable::run);
    assertThat(codeOf(prepared)).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void itsLatchesFallWhenThisReplicaLeadsAgain() {
    hold(1);
    assertThat(latches.holderOf(KEY)).isNotNull();
    held.releaseAllBut(List.of());
    assertThat(latches.holderOf(KEY)).isNull();
    assertThat(held.find(TRANSACTION)).isNull();
  }

  @Test
  void whatWasPreparedHereStays() {
    hold(1);
    held.prepared(TRANSACTION, 0);
    held.releaseAllBut(List.of(PREPARED));
    assertThat(latches.holderOf(KEY)).isNotNull();
    assertThat(held.recover(PREPARED, 3)).isFalse();
  }

  /** By an attempt that was repeated while another one led: the log knows what it has latched. */
  @Test
  void whatWasPreparedElsewhereIsHeldAsTheLogKnowsIt() {
    hold(1);
    held.releaseAllBut(List.of(PREPARED));
    assertThat(latches.holderOf(KEY)).isNull();
    assertThat(held.recover(PREPARED, 3)).isTrue();
    Holder holder = Objects.requireNonNull(latches.holderOf(OTHER_KEY));
    assertThat(holder.isIntent()).isTrue();
    assertThat(holder.floor()).isEqualTo(5);
  }
}
