package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.protocol.GqlTexts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A group is named by different properties: naming one again does not make it smaller. */
final class GroupAnsweredTwiceTest {
  private static final Query ONCE = GqlTexts.query("SELECT DISTINCT a FROM K");

  private final Shelf shelf = new Shelf(1);

  @BeforeEach
  void put() {
    for (int id = 1; id <= 6; id++) {
      shelf.put(
          new Entity(
              new Key(ONCE.partition(), List.of(PathElement.ofId("K", id))),
              Map.of("a", Value.of(new Value.IntegerValue(id % 2)))));
    }
  }

  @Test
  void aPropertyNamedAgainAddsNothing() {
    assertThat(shelf.run(ONCE).results()).hasSize(2);
    assertThat(shelf.run(GqlTexts.query("SELECT DISTINCT a, a FROM K")).results()).hasSize(2);
    assertThat(shelf.run(GqlTexts.query("SELECT DISTINCT ON (a, a, a) * FROM K")).results())
        .hasSize(2);
  }
}
