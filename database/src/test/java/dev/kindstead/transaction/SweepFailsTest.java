package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.environment.HandTime;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A look for transactions whose time is over that fails is not the last one. */
final class SweepFailsTest {
  private final HandTime time = new HandTime();

  @SuppressWarnings("NullAway") // no oracle: nobody asks for a time here
  private final OpenTransactions open =
      new OpenTransactions(
          new TransactionIds(Bytes.of(new byte[] {1}), 1, 1),
          List.of(),
          List.of(),
          null,
          time,
          time,
          TransactionSettings.defaults(Bytes.of(new byte[] {1})));

  private LiveTransaction begin() {
    return open.begin(
        World.DATABASE,
        ConcurrencyMode.PESSIMISTIC,
        new TransactionOptions.ReadWrite(null),
        1,
        null);
  }

  @Test
  void theNextOneEndsThem() {
    LiveTransaction broken = begin();
    // There is no such shard.
    broken.addGuesthouse(0);
    assertThatThrownBy(time::ring).isInstanceOf(IndexOutOfBoundsException.class);
    broken.guesthouses().clear();
    begin();
    time.pass(Duration.ofSeconds(62));
    time.ring();
    assertThat(open.size()).isZero();
  }
}
