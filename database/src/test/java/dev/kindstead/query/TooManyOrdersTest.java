package dev.kindstead.query;

import static dev.kindstead.query.SideBySide.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.protocol.GqlTexts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A cursor counts its components in one byte: what it cannot count must be refused at once. */
final class TooManyOrdersTest {
  private static final byte[] NONE = new byte[0];
  private static final int MOST = 100;

  private final Shelf shelf = new Shelf(2);

  private static String properties(int count, String separator) {
    return IntStream.range(0, count).mapToObj(i -> "p" + i).collect(Collectors.joining(separator));
  }

  @Test
  void asManyAsMayBeGoOnByTheirCursor() {
    Query query = GqlTexts.query("SELECT * FROM K ORDER BY " + properties(MOST, ", "));
    Map<String, Value> values = new HashMap<>();
    IntStream.range(0, MOST).forEach(i -> values.put("p" + i, Value.of(new Value.IntegerValue(i))));
    for (int id = 1; id <= 2; id++) {
      shelf.put(new Entity(new Key(query.partition(), List.of(PathElement.ofId("K", id))), values));
    }
    QueryBatch first = shelf.run(with(query, NONE, NONE, 0, 1));
    assertThat(shelf.run(with(query, first.endCursor(), NONE, 0, null)).results()).hasSize(1);
  }

  @Test
  void moreAreRefusedWhereverTheyAreNamed() {
    refused("SELECT * FROM K ORDER BY " + properties(MOST + 1, ", "));
    refused("SELECT " + properties(MOST + 1, ", ") + " FROM K");
    refused("SELECT DISTINCT ON (" + properties(MOST + 1, ", ") + ") * FROM K");
    refused("SELECT * FROM K WHERE " + properties(MOST + 1, " > 1 AND ") + " > 1");
    refused("SELECT " + properties(MOST, ", ") + " FROM K ORDER BY q");
  }

  private void refused(String gql) {
    assertThatThrownBy(() -> shelf.queries().prepare(GqlTexts.query(gql)))
        .as(gql)
        .isInstanceOfSatisfying(
            DatastoreException.class,
            failure -> assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT))
        .hasMessageContaining("more than 100");
  }
}
