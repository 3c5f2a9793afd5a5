package dev.kindstead.transaction;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.replication.Command.ReadRange;
import dev.kindstead.storage.Space;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What one node tells another of transactions and timestamps: any bytes are that or corrupt. */
final class HandedOverFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptBytesException.class);

  static Stream<byte[]> transactions() {
    var part =
        new ReadPart(
            7,
            Map.of(Bytes.of(new byte[] {1, 2}), 3L),
            List.of(new ReadRange(Space.INDEX, new byte[] {1}, new byte[] {2})));
    var one =
        new HandedOver(
            new TransactionId(Bytes.of(new byte[36])),
            new DatabaseId("p", ""),
            ConcurrencyMode.PESSIMISTIC,
            Duration.ofSeconds(2),
            7,
            new TreeMap<>(Map.of(0, part, 3, ReadPart.NOTHING)));
    return Stream.of(List.of(one, one), List.<HandedOver>of()).map(HandedOver::encode);
  }

  @MethodSource("transactions")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void openTransactions(byte[] bytes) {
    BYTES.comesBack(bytes, HandedOver::decode, HandedOver::encode);
  }

  static Stream<byte[]> timestamps() {
    return Stream.of(
        new ClosedTimestamp(1_700_000_000_000_000L, 5, List.of(1L, 300L)).encode(),
        new ClosedTimestamp(0, 0, List.of()).encode());
  }

  @MethodSource("timestamps")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void closedTimestamp(byte[] bytes) {
    BYTES.comesBack(bytes, ClosedTimestamp::decode, ClosedTimestamp::encode);
  }
}
