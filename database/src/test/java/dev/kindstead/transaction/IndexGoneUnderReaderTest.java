package dev.kindstead.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.CompositeKeyEncoding;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Key;
import dev.kindstead.storage.Space;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A shard stops to maintain an index by which a transaction has read that is not over yet. */
final class IndexGoneUnderReaderTest {
  private static final IndexRecord READY =
      new IndexRecord(
          new IndexDefinition(
              7,
              World.DATABASE,
              "K",
              false,
              List.of(new IndexedProperty("v", false)),
              IndexDefinition.Purpose.QUERIES),
          IndexState.READY,
          1,
          1,
          Bytes.EMPTY);

  private final World world = new World();
  private final Key here = World.keyOn(0, 0);
  private final Key there = World.keyOn(1, 0);

  @BeforeEach
  void build() {
    world.await(world.transactions().indexes().putOnShard(0, READY));
  }

  private CompletableFuture<Void> startEnding() {
    IndexRecord deleting = READY.in(IndexState.DELETING, 2);
    return world.transactions().indexes().putOnShard(0, deleting);
  }

  /** Has read that there is nothing in the index on shard 0. */
  private TransactionId reader() {
    TransactionId reader = world.begin();
    byte[] prefix = CompositeKeyEncoding.prefix(World.PARTITION, "K", READY.id());
    try (var session =
        world.await(
            world
                .transactions()
                .readShards(World.DATABASE, new ReadMode.InTransaction(reader), new int[] {0}))) {
      session.noteRange(0, Space.INDEX, prefix, ByteOrder.afterPrefix(prefix));
    }
    return reader;
  }

  @Test
  void whatCameSinceIsAConflict() {
    TransactionId reader = reader();
    world.await(startEnding());
    world.put(World.insert(here, 1));
    assertThatThrownBy(() -> world.commit(reader, World.upsert(World.keyOn(0, 1), 1)))
        .isInstanceOf(DatastoreException.class)
        .extracting(failure -> ((DatastoreException) failure).code())
        .isEqualTo(Code.ABORTED);
  }

  @Test
  void aNewLeaderKnowsItToo() {
    TransactionId reader = reader();
    world.await(startEnding());
    world.put(World.insert(here, 1));
    world.log(0).depose(0);
    world.run();
    assertThat(World.codeOf(started(world.startCommit(reader, World.upsert(here, 2)))))
        .isEqualTo(Code.ABORTED);
  }

  private <T> CompletableFuture<T> started(CompletableFuture<T> future) {
    world.run();
    return future;
  }

  /** What is evaluated later meets no shared latch when it makes no entries. */
  @Test
  void whoHoldsWhatItReadIsNotPassedBy() {
    TransactionId reader = reader();
    world.log(1).pause();
    var commit =
        world.startCommit(reader, World.upsert(World.keyOn(0, 1), 1), World.upsert(there, 1));
    world.run();
    assertThat(commit).isNotDone();
    var ending = started(startEnding());
    var phantom = started(world.startPut(World.insert(here, 1)));
    assertThat(phantom).as("a commit that the held one has not seen").isNotDone();
    assertThat(World.codeOf(ending)).isEqualTo(Code.UNAVAILABLE);
    world.log(1).resume();
    long first = world.await(commit).commitTime();
    assertThat(world.await(phantom).commitTime()).isGreaterThan(first);
    world.await(startEnding());
  }
}
