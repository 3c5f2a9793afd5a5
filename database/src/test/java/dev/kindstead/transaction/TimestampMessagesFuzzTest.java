package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.placement.ShardMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What nodes ask the oracle, and its answers: any bytes are that or corrupt. */
final class TimestampMessagesFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptBytesException.class);

  static Stream<byte[]> requests() {
    return Stream.of(
            new TimestampMessages.Take(0),
            new TimestampMessages.Take(300),
            new TimestampMessages.Announce(3, 500, "node-1"),
            new TimestampMessages.Leaders(),
            new TimestampMessages.WallClock())
        .map(TimestampMessages::encode);
  }

  @MethodSource("requests")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void request(byte[] bytes) {
    BYTES.comesBack(bytes, TimestampMessages::decode, TimestampMessages::encode);
  }

  static Stream<byte[]> answers() {
    var read = new ReadTime(1_700_000_000_000_000L, new ShardTerms(List.of(1L, 0L, 300L)), 7);
    return Stream.of(new TimestampMessages.Taken(0, read), new TimestampMessages.Taken(9, read))
        .map(TimestampMessages::encode);
  }

  @MethodSource("answers")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void taken(byte[] bytes) {
    BYTES.comesBack(bytes, TimestampMessages::decodeTaken, TimestampMessages::encode);
  }

  static Stream<byte[]> leaders() {
    return Stream.of(Map.of(0, "node-1", 3, "node-2"), Map.<Integer, String>of())
        .map(TimestampMessages::encode);
  }

  @MethodSource("leaders")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void leaders(byte[] bytes) {
    BYTES.comesBack(bytes, TimestampMessages::decodeLeaders, TimestampMessages::encode);
  }

  /** Terms are kept by number. */
  @Test
  void noShardIsBeyondTheGreatest() {
    byte[] far =
        TimestampMessages.encode(new TimestampMessages.Announce(ShardMap.SHARDS_MAX, 1, "node-1"));
    assertThatThrownBy(() -> TimestampMessages.decode(far))
        .isInstanceOf(CorruptBytesException.class);
  }
}
