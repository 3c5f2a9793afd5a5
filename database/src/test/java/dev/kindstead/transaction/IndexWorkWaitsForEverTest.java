package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.DATABASE;
import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is in doubt may stay so for hours. Whoever works on indexes gives up in time, can do other
 * work meanwhile, and leaves nothing that waits, since it comes again.
 */
final class IndexWorkWaitsForEverTest {
  private static final IndexRecord INDEX =
      new IndexRecord(
          new IndexDefinition(
              1,
              DATABASE,
              "K",
              false,
              List.of(new IndexedProperty("v", false), new IndexedProperty("w", false))),
          IndexState.CREATING,
          1,
          1,
          Bytes.EMPTY);

  private final World world = new World();
  private final IndexLogs indexes = world.transactions().indexes();
  private final Bytes entity = Bytes.of(KeyEncoding.entityKey(keyOn(0, 0)));

  @BeforeEach
  void anEntityIsInDoubt() {
    world.await(indexes.putOnShard(0, INDEX));
    world.log(0).pause();
    var unused = world.startPut(upsert(keyOn(0, 0), 1));
    world.run();
  }

  @AfterEach
  void theOutcomeComes() {
    world.log(0).resume();
    world.pass(Duration.ofMillis(10));
    assertThat(world.heldLatches()).isZero();
    assertThat(world.await(indexes.enter(0, INDEX, List.of(entity)))).isZero();
  }

  private void givesUp(CompletableFuture<?> work) {
    world.run();
    assertThat(work).isNotDone();
    world.pass(Duration.ofSeconds(15));
    assertThat(codeOf(work)).isIn(Code.ABORTED, Code.UNAVAILABLE);
    assertThat(world.transactions().waiting()).isZero();
  }

  @Test
  void whoEntersEntities() {
    givesUp(indexes.enter(0, INDEX, List.of(entity)));
  }

  @Test
  void whoRemovesEntries() {
    List<Bytes> entries = List.of(Bytes.of(new byte[] {1, 2, 3}));
    var first = indexes.remove(0, entries);
    world.run();
    givesUp(indexes.remove(0, entries));
    assertThat(first).as("in the log, or not").isNotDone();
  }

  @Test
  void whoWaitsForHeldParts() {
    TransactionId id = world.begin();
    var unused = world.startCommit(id, upsert(keyOn(0, 5), 1), upsert(keyOn(1, 0), 1));
    world.run();
    givesUp(indexes.settle(1));
  }
}
