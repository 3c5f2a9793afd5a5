package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Where no composite index bounds it, an entity with three lists would be as many results of a
 * projection as their lengths multiplied: a few thousand elements, and no memory is left.
 */
final class ListsMultipliedTest {
  private static final byte[] NONE = {};
  private static final Query PROJECTED =
      new Query(
          RandomQueries.PARTITION,
          "K",
          List.of("a", "b", "c"),
          null,
          List.of(),
          List.of(),
          NONE,
          NONE,
          0,
          10);

  private final Shelf shelf = new Shelf(1);

  private void put(int elements) {
    Value list =
        Value.of(
            new Value.ArrayValue(
                LongStream.range(0, elements)
                    .mapToObj(each -> Value.of(new Value.IntegerValue(each)))
                    .toList()));
    shelf.put(
        new Entity(
            new Key(RandomQueries.PARTITION, List.of(PathElement.ofId("K", 1))),
            Map.of("a", list, "b", list, "c", list)));
  }

  @Test
  void asManyAsAnIndexMayHaveAreAnswered() {
    put(27);
    assertThat(shelf.run(PROJECTED).results()).hasSize(10);
  }

  @Test
  void moreAreRefused() {
    put(2_000);
    assertThatThrownBy(() -> shelf.run(PROJECTED))
        .isInstanceOfSatisfying(
            DatastoreException.class,
            failure -> assertThat(failure.code()).isEqualTo(Code.RESOURCE_EXHAUSTED));
  }
}
