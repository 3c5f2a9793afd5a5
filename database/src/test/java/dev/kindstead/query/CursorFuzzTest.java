package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.index.DatabaseIndexes;
import dev.kindstead.index.DatabaseIndexes.ReadyIndex;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.query.Query.Order;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes are a cursor or INVALID_ARGUMENT, and whatever gap a cursor names, what is before it
 * and what is behind it are all results. Each input is used as it is and with format, shape and
 * checksum mended, without which almost none would get past them.
 */
final class CursorFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(DatastoreException.class);
  private static final byte[] NONE = {};
  private static final int ENTITIES = 12;
  private static final int SHAPE_OFFSET = 2;
  private static final int HEAD_BYTES = 11;

  private static final DatabaseIndexes INDEXES =
      new DatabaseIndexes(
          false,
          List.of(
              new ReadyIndex(
                  new IndexDefinition(
                      1,
                      RandomQueries.PARTITION.databaseId(),
                      "K",
                      false,
                      List.of(new IndexedProperty("a", false), new IndexedProperty("b", true))),
                  0)));

  /** By key, streamed both ways, from a composite index, sorted, exploded. */
  private static final List<Query> QUERIES =
      List.of(
          query(List.of()),
          query(List.of(), new Order("a", false)),
          query(List.of(), new Order("a", true)),
          query(List.of(), new Order("a", false), new Order("b", true)),
          query(List.of(), new Order("b", true), new Order("c", false)),
          query(List.of("a", "b"), new Order("b", false)));

  private static final Shelf SHELF = new Shelf(2, INDEXES);
  private static final List<List<Key>> ALL = new ArrayList<>();

  static {
    var random = new RandomQueries(7);
    IntStream.range(0, ENTITIES).forEach(_ -> SHELF.put(random.entity()));
    QUERIES.forEach(query -> ALL.add(keys(query)));
  }

  private static Query query(List<String> projection, Order... orders) {
    return new Query(
        RandomQueries.PARTITION,
        "K",
        projection,
        null,
        List.of(orders),
        List.of(),
        NONE,
        NONE,
        0,
        null);
  }

  private static List<Key> keys(Query query) {
    return SHELF.run(query).results().stream()
        .map(result -> EntityEncoding.decodeKeyOnly(result.entity()))
        .toList();
  }

  /** Which query, then a cursor of it. */
  static Stream<byte[]> cursors() {
    return IntStream.range(0, QUERIES.size())
        .boxed()
        .flatMap(i ->
            SHELF.run(QUERIES.get(i)).results().stream()
                .limit(4)
                .map(result -> {
                  var bytes = new ByteArrayOutputStream();
                  bytes.write(i);
                  bytes.writeBytes(result.cursor());
                  return bytes.toByteArray();
                }));
  }

  @MethodSource("cursors")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void cursor(byte[] bytes) {
    if (bytes.length > 0) {
      int query = (bytes[0] & 0xFF) % QUERIES.size();
      byte[] cursor = Arrays.copyOfRange(bytes, 1, bytes.length);
      use(query, cursor);
      if (cursor.length >= HEAD_BYTES + Integer.BYTES) {
        use(query, mended(cursor, query));
      }
    }
  }

  private static byte[] mended(byte[] cursor, int query) {
    Rows rows = Planner.plan(QUERIES.get(query), INDEXES).rows();
    ByteBuffer mended = ByteBuffer.wrap(cursor.clone());
    mended.put(0, Cursor.START.encode(rows)[0]);
    mended.putLong(SHAPE_OFFSET, ByteBuffer.wrap(Cursor.START.encode(rows)).getLong(SHAPE_OFFSET));
    var crc = new CRC32C();
    crc.update(mended.array(), 0, cursor.length - Integer.BYTES);
    return mended.putInt(cursor.length - Integer.BYTES, (int) crc.getValue()).array();
  }

  private static void use(int number, byte[] cursor) {
    Query query = QUERIES.get(number);
    Rows rows = Planner.plan(query, INDEXES).rows();
    Cursor read = BYTES.read(cursor, any -> accepted(() -> Cursor.decode(any, rows)));
    if (read == null) {
      return;
    }
    Cursor again = Cursor.decode(read.encode(rows), rows);
    assertThat(again.position()).isEqualTo(read.position());
    List<Key> parts = new ArrayList<>(keys(SideBySide.with(query, NONE, cursor, 0, null)));
    parts.addAll(keys(SideBySide.with(query, cursor, NONE, 0, null)));
    assertThat(parts).isEqualTo(ALL.get(number));
  }

  private static Cursor accepted(Supplier<Cursor> reading) {
    try {
      return reading.get();
    } catch (DatastoreException refused) {
      assertThat(refused.code()).isEqualTo(Code.INVALID_ARGUMENT);
      throw refused;
    }
  }
}
