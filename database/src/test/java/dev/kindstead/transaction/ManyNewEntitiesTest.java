package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.PathElement;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A commit may need more ids than a block has; it would else draw them for ever. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ManyNewEntitiesTest {
  /** Only one id in four suits a new root, so these need more than a block of 16,384. */
  private static final int ENTITIES = 6_000;

  private final World world = new World();

  @Test
  void idsAreDrawnFromSeveralBlocks() {
    Key incomplete = new Key(World.key("a").partition(), List.of(PathElement.incomplete("K")));
    CommitResult result =
        world.commit(
            world.begin(),
            Collections.nCopies(ENTITIES, World.insertEmpty(incomplete)).toArray(Mutation[]::new));
    assertThat(result.results()).hasSize(ENTITIES);
    assertThat(result.results().stream().map(each -> each.key()).distinct()).hasSize(ENTITIES);
  }
}
