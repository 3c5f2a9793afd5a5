package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Rule 6: what a deposed leader had proposed is unknown to it until the log tells. */
final class UnknownOutcomeTest {
  private final World world = new World();
  private final Key key = keyOn(0, 0);

  @Test
  void theLogTellsThatItWasApplied() {
    world.log(0).pause();
    var put = world.startPut(upsert(key, 1));
    world.run();
    world.log(0).depose(1);
    world.run();
    assertThat(put).isCompleted();
    assertThat(world.get(key)).isEqualTo(1);
  }

  @Test
  void theLogTellsThatItWasNot() {
    world.log(0).pause();
    var put = world.startPut(upsert(key, 1));
    world.run();
    world.log(0).depose(0);
    world.run();
    assertThat(codeOf(put)).isEqualTo(Code.UNAVAILABLE);
    world.put(upsert(key, 2));
    assertThat(world.get(key)).isEqualTo(2);
  }

  @Test
  void afterAnEntryIsRefusedTheOnesBehindItAreNotApplied() {
    world.log(0).pause();
    world.log(0).refuseNext(1);
    var first = world.startPut(upsert(key, 1));
    world.run();
    var second = world.startPut(upsert(keyOn(0, 1), 1));
    world.startCompany(0);
    world.run();
    assertThat(world.log(0).openProposals()).isEqualTo(1);
    world.log(0).resume();
    world.run();
    assertThat(codeOf(first)).isEqualTo(Code.UNAVAILABLE);
    assertThat(codeOf(second)).isEqualTo(Code.UNAVAILABLE);
    assertThat(world.get(key)).isNull();
    assertThat(world.get(keyOn(0, 1))).isNull();
    world.put(upsert(key, 2));
    assertThat(world.get(key)).isEqualTo(2);
  }

  @Test
  void whatComesAfterARefusalWaitsForTheGapToClose() {
    world.log(0).pause();
    world.log(0).refuseNext(1);
    var first = world.startPut(upsert(key, 1));
    world.step();
    var second = world.startPut(upsert(keyOn(0, 1), 1));
    world.startCompany(0);
    world.run();
    world.log(0).tellRefusals();
    world.run();
    assertThat(codeOf(first)).isEqualTo(Code.UNAVAILABLE);
    assertThat(second).isNotDone();
    var third = world.startPut(upsert(keyOn(0, 2), 1));
    world.startCompany(0, 200);
    world.run();
    world.log(0).resume();
    world.run();
    assertThat(codeOf(second)).isEqualTo(Code.UNAVAILABLE);
    assertThat(third).isCompleted().isNotCompletedExceptionally();
  }

  @Test
  void aDiskErrorStopsWritesAndNothingIsSaidToHaveFailed() {
    world.put(upsert(key, 1));
    world.log(0).pause();
    var put = world.startPut(upsert(key, 2));
    world.run();
    world.log(0).fail(new IllegalStateException("fsync failed"));
    world.pass(Duration.ofSeconds(10));
    assertThat(codeOf(put)).isEqualTo(Code.INTERNAL);
    var later = world.startPut(upsert(key, 3));
    world.run();
    assertThat(codeOf(later)).isEqualTo(Code.UNAVAILABLE);
    assertThat(world.transactions().failure()).isPresent();
    assertThat(world.get(keyOn(0, 1))).isNull();
    assertThat(world.get(key)).isEqualTo(1);
  }

  @Test
  void aFullQueueRefusesAtOnce() {
    world.log(0).pause();
    var puts = new ArrayList<CompletableFuture<CommitResult>>();
    for (int i = 0; i < GroupCommit.WAITING_MAX + 10; i++) {
      puts.add(world.startPut(upsert(key, i)));
    }
    assertThat(codeOf(puts.getLast())).isEqualTo(Code.RESOURCE_EXHAUSTED);
    world.pass(Duration.ofSeconds(5));
    assertThat(puts).allMatch(put -> put == puts.getFirst() || put.isDone());
  }

  /** Seen as a shard that acknowledged nothing any more: the next entry's number left a gap. */
  @Test
  void afterARefusalInAHandOverThatFailsTheLeaderGoesOn() {
    world.log(0).expectMembers();
    world.log(0).refuseNext(1);
    var refused = world.startPut(upsert(key, 1));
    world.step();
    world.log(0).stopLeading();
    world.run();
    assertThat(codeOf(refused)).isEqualTo(Code.UNAVAILABLE);
    world.log(0).leadOn();
    world.run();
    world.put(upsert(key, 2));
    assertThat(world.get(key)).isEqualTo(2);
  }

  /** UNAVAILABLE is repeated, and the repetition would hear that there is such an index. */
  @Test
  void aChangeOfIndexesThatMayHaveBeenMadeIsNotSaidToBeUndone() {
    var definition =
        new IndexDefinition(
            7,
            World.DATABASE,
            "K",
            false,
            List.of(new IndexedProperty("v", false)),
            IndexDefinition.Purpose.QUERIES);
    var index = new IndexRecord(definition, IndexState.CREATING, 1, 1, Bytes.EMPTY);
    world.systemLog().refuseNext(1);
    var refused = world.transactions().indexes().put(index);
    world.run();
    assertThat(codeOf(refused)).isEqualTo(Code.UNAVAILABLE);
    world.systemLog().pause();
    var unknown = world.transactions().indexes().put(index);
    world.run();
    world.systemLog().loseLead();
    world.run();
    assertThat(codeOf(unknown)).isEqualTo(Code.INTERNAL);
  }
}
