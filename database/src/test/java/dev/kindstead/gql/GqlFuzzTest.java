package dev.kindstead.gql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.datastore.v1.GqlQuery;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text is a query or INVALID_ARGUMENT. */
final class GqlFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(DatastoreException.class);

  static Stream<byte[]> texts() {
    return Stream.of(
            "SELECT * FROM Task WHERE a = 1 AND (b < 'x' OR c IN ARRAY(1, 2.5e3, TRUE)) LIMIT 5",
            "SELECT DISTINCT ON (a) a, b.c FROM `odd name` ORDER BY a DESC, b OFFSET @c + 3",
            "SELECT __key__ WHERE __key__ HAS ANCESTOR KEY(PROJECT('p'), NAMESPACE('n'), K, -1, L,"
                + " 'x')",
            "SELECT * WHERE 1 <= a AND b IS NULL AND c NOT IN @1 LIMIT FIRST(@c, 7)",
            "SELECT * WHERE t > DATETIME('2026-01-31T12:00:00.5+01:00') AND x = BLOB('AQI_')",
            "SELECT * WHERE s = \"it\"\"s \\n"
                + " \\0 \\Z\" AND 'v' IN tags AND KEY(K, 1) HAS DESCENDANT __key__",
            "AGGREGATE COUNT(*) AS n, SUM(a), AVG(b.c), COUNT_UP_TO(@2) OVER (SELECT * FROM K)",
            "SELECT COUNT(*) AS all FROM Task WHERE done = FALSE",
            "SELECT * WHERE ((((a = @name))))",
            "SELECT * WHERE a CONTAINS 0 OR b != -9223372036854775808 GROUP BY a")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("texts")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void text(byte[] bytes) {
    GqlQuery sent =
        Texts.gql(new String(bytes, UTF_8)).toBuilder()
            .addPositionalBindings(Texts.integer(1))
            .addPositionalBindings(Texts.integer(-2))
            .putNamedBindings("name", Texts.integer(3))
            .putNamedBindings("c", Texts.cursor("cursor"))
            .build();
    BYTES.read(bytes, _ -> accepted(() -> Texts.parsed(sent)));
    BYTES.read(bytes, _ -> accepted(() -> Texts.parsedAggregation(sent)));
  }

  private static <T> T accepted(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (DatastoreException refused) {
      assertThat(refused.code()).isEqualTo(Code.INVALID_ARGUMENT);
      throw refused;
    }
  }
}
