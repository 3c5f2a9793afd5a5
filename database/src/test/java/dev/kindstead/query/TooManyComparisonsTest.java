package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.protocol.GqlTexts;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A query is planned on an event loop, where a filter as long as a request takes minutes. */
final class TooManyComparisonsTest {
  private static final int MOST = 100;

  private final Shelf shelf = new Shelf(1);

  private static String equalities(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "p" + i + " = 1")
        .collect(Collectors.joining(" AND "));
  }

  private static String inThirty() {
    return IntStream.range(0, 30)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", " AND q IN ARRAY(", ")"));
  }

  @Test
  void asManyAsMayBeArePlanned() {
    assertThat(shelf.run(GqlTexts.query("SELECT * FROM K WHERE " + equalities(MOST))).results())
        .isEmpty();
    String each = equalities(MOST - 1) + inThirty();
    assertThat(shelf.run(GqlTexts.query("SELECT * FROM K WHERE " + each)).results()).isEmpty();
  }

  @Test
  void moreAreRefused() {
    refused(equalities(MOST + 1));
    refused(equalities(MOST) + inThirty());
    refused("(" + equalities(MOST / 2) + ") OR (" + equalities(MOST / 2 + 1) + ")");
  }

  private static void refused(String filter) {
    assertThatThrownBy(() -> GqlTexts.query("SELECT * FROM K WHERE " + filter))
        .isInstanceOfSatisfying(
            DatastoreException.class,
            failure -> assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT))
        .hasMessageContaining("more than 100");
  }
}
