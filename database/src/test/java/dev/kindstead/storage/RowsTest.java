package dev.kindstead.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.model.Bytes;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The bytes of docs/formats/rows.md: changing them loses every store written before. */
final class RowsTest {
  private static final long NOON = 1_700_000_000_000_000L;

  @Test
  void goldenBytes() {
    EntityRow row = new EntityRow(new byte[] {7, 8}, 0x1234, NOON, NOON + 1);
    assertThat(hex(Rows.encode(row))).isEqualTo("01123400060a24181e400100060a24181e40000708");
    assertThat(hex(Rows.encodeIndexEntry(0x1234, true, NOON))).isEqualTo("11123400060a24181e4000");
    assertThat(hex(HistoryKeys.key(Space.CURRENT, new byte[] {1, 0, 2}, NOON)))
        .isEqualTo("000000000a21fe8010" + "0100ff02" + "00" + "00060a24181e4000");
    assertThat(hex(HistoryKeys.key(Space.INDEX, new byte[] {1}, NOON)))
        .isEqualTo("000000000a21fe8020" + "01" + "00" + "00060a24181e4000");
  }

  @Test
  void rowsOfAnotherVersionAreCorrupt() {
    byte[] row = Rows.encode(new EntityRow(new byte[0], 1, 2, 3));
    row[0] = 2;
    assertThatThrownBy(() -> Rows.decode(row)).isInstanceOf(CorruptBytesException.class);
    assertThatThrownBy(() -> Rows.decode(new byte[5])).isInstanceOf(CorruptBytesException.class);
    byte[] entry = Rows.encodeIndexEntry(1, false, 2);
    entry[0] = 0x12;
    assertThatThrownBy(() -> Rows.checkedIndexEntry(entry))
        .isInstanceOf(CorruptBytesException.class);
  }

  @Test
  void aBucketIsInTheOrderOfTheKeys() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 10_000; i++) {
      Bytes first = VersionedModel.key(random);
      Bytes second = VersionedModel.key(random);
      byte[] firstKey = HistoryKeys.key(9, Space.INDEX, first.array(), random.nextLong(1L << 55));
      byte[] secondKey = HistoryKeys.key(9, Space.INDEX, second.array(), random.nextLong(1L << 55));
      if (!first.equals(second)) {
        assertThat(ByteOrder.UNSIGNED.compare(firstKey, secondKey) < 0)
            .as("%s and %s", first, second)
            .isEqualTo(first.compareTo(second) < 0);
      }
      byte[] bound = HistoryKeys.lowerBound(9, Space.INDEX, second.array());
      assertThat(ByteOrder.UNSIGNED.compare(firstKey, bound) < 0)
          .as("%s below %s", first, second)
          .isEqualTo(first.compareTo(second) < 0);
      assertThat(HistoryKeys.plainKey(firstKey)).isEqualTo(first.array());
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
