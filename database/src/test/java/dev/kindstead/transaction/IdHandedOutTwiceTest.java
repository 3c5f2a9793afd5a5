package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.PARTITION;
import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.insert;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.VersionedStore;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Rule 11: an id is handed out once, also across restarts and whatever clients chose. */
final class IdHandedOutTwiceTest {
  private static final long JAVASCRIPT_MAX = 1L << 53;

  private final World world = new World();
  private final Key incomplete = new Key(PARTITION, List.of(PathElement.incomplete("K")));

  private List<Key> allocate(int count) {
    return world.await(world.transactions().allocateIds(Collections.nCopies(count, incomplete)));
  }

  @Test
  void acrossBlocksAndRestarts() {
    Set<Key> seen = new HashSet<>();
    for (int life = 0; life < 3; life++) {
      List<Key> ids = allocate((int) IdAllocator.BLOCK_COUNTERS + 100);
      ids.forEach(
          key -> assertThat(key.last().id()).isBetween(IdAllocator.ID_FIRST, JAVASCRIPT_MAX - 1));
      seen.addAll(ids);
      assertThat(seen).hasSize((life + 1) * ((int) IdAllocator.BLOCK_COUNTERS + 100));
      world.restart();
    }
  }

  /** Neither to whoever asked the log for the block, nor to the next one. */
  @Test
  void notBeforeTheLogHasTheirBlock() {
    world.systemLog().pause();
    var first = world.transactions().allocateIds(Collections.nCopies(10, incomplete));
    var second = world.transactions().allocateIds(Collections.nCopies(10, incomplete));
    world.run();
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    world.systemLog().resume();
    assertThat(world.await(first)).doesNotContainAnyElementsOf(world.await(second));
  }

  /** It leads the group already, and waits for the former leader's lease to end. */
  @Test
  void notByAHomeThatDoesNotServeYet() {
    var log = new ManualLog(new ManualLog.Disk(), Runnable::run);
    var store = new VersionedStore(new MemoryStore());
    var system = new SystemGroup(new ShardWiring(log, store, Runnable::run), _ -> {});
    var unused =
        system.start(
            new SystemGroup.Leading() {
              @Override
              public void began() {}

              @Override
              public void ended() {}

              @Override
              public void failed() {}
            });
    var oracle = new TimestampOracle(world, world::wallMicros);
    var ids = new IdAllocator(system, new OwnTimestamps(oracle, system, world));
    assertThat(codeOf(ids.refill())).isEqualTo(Code.UNAVAILABLE);
    assertThat(ids.tryNext()).isZero();
    oracle.start(0, false, oracle::extended);
    ids.start();
    ids.refill().join();
    assertThat(ids.tryNext()).isPositive();
    ids.stop();
    assertThat(codeOf(ids.refill())).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void reservedOnesAreSkippedAlsoAfterARestart() {
    Key soon = incomplete.withId(IdAllocator.idOf(allocateOne() + 1));
    Key later = incomplete.withId(IdAllocator.idOf(IdAllocator.BLOCK_COUNTERS + 5));
    world.await(world.transactions().reserveIds(List.of(soon, later)));
    assertThat(allocate(10)).doesNotContain(soon);
    world.restart();
    assertThat(allocate((int) IdAllocator.BLOCK_COUNTERS)).doesNotContain(later);
  }

  /** The log has them before it has their block. */
  @Test
  void reservedOnesThatAreFarAwayAreNotInMemory() {
    long block = IdAllocator.BLOCK_COUNTERS;
    List<Key> far = reserve(3 * block + 1, 100);
    List<Key> next = reserve(block + 1, 100);
    assertThat(world.transactions().rememberedIds()).isZero();
    assertThat(allocate((int) (3 * block)))
        .doesNotContainAnyElementsOf(next)
        .doesNotContainAnyElementsOf(far);
    assertThat(allocate((int) block)).doesNotContainAnyElementsOf(far);
  }

  @Test
  void reservedOnesAreSkippedInABlockThatIsOnItsWay() {
    world.systemLog().pause();
    Key before = incomplete.withId(IdAllocator.idOf(7));
    Key after = incomplete.withId(IdAllocator.idOf(8));
    var reservedBefore = world.transactions().reserveIds(List.of(before));
    var ids = world.transactions().allocateIds(Collections.nCopies(100, incomplete));
    var reservedAfter = world.transactions().reserveIds(List.of(after));
    world.run();
    world.systemLog().resume();
    assertThat(world.await(ids)).hasSize(100).doesNotContain(before, after);
    world.await(reservedBefore);
    world.await(reservedAfter);
  }

  private List<Key> reserve(long fromCounter, int count) {
    List<Key> keys =
        LongStream.range(fromCounter, fromCounter + count)
            .mapToObj(counter -> incomplete.withId(IdAllocator.idOf(counter)))
            .toList();
    world.await(world.transactions().reserveIds(keys));
    return keys;
  }

  private long allocateOne() {
    long id = allocate(1).getFirst().last().id();
    long counter = 1;
    while (IdAllocator.idOf(counter) != id) {
      counter++;
    }
    return counter;
  }

  @Test
  void oneThatAClientChoseIsDrawnAgain() {
    long counter = allocateOne();
    for (int i = 1; i < 40; i++) {
      world.put(upsert(incomplete.withId(IdAllocator.idOf(counter + i)), i));
    }
    CommitResult result = world.put(insert(incomplete, 100));
    Key key = result.results().getFirst().key();
    assertThat(key).isNotNull();
    if (key != null) {
      assertThat(world.get(key)).isEqualTo(100);
    }
    assertThat(world.count(new ReadMode.Strong(), 0, 1, 2, 3)).isEqualTo(40);
  }
}
