package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.environment.Network.Service;
import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import dev.kindstead.storage.StorageException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A replica that begins to lead and can't read its store must say so, and not go on leading: nobody
 * could write any more, nor would anybody know why.
 */
final class LeaderCantReadTest {
  private static final int SHARD = 0;

  private final Key key = keyOn(SHARD, 0);

  private static void hasStopped(Nodes nodes, int group) {
    assertThat(nodes.log("n2", group).hasFailed()).isTrue();
    assertThat(nodes.node("n2").failure()).containsInstanceOf(StorageException.class);
  }

  private void isWrittenWhenAnotherOneLeads(Nodes nodes) {
    nodes.lead(SHARD, "n3");
    nodes.pass(Duration.ofSeconds(1));
    nodes.await(nodes.startPut("n1", upsert(key, 2)));
    assertThat(nodes.get("n1", key)).isEqualTo(2);
  }

  @Test
  void ofAShard() {
    var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
    nodes.store("n2", SHARD).breakReads();
    nodes.lead(SHARD, "n2");
    nodes.pass(Duration.ofSeconds(1));
    hasStopped(nodes, SHARD);
    isWrittenWhenAnotherOneLeads(nodes);
  }

  @Test
  void ofAShardOnceItsTermIsAnnounced() {
    var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
    nodes.loseAnswers(service -> service == Service.TIMESTAMPS);
    nodes.lead(SHARD, "n2");
    nodes.pass(Duration.ofMillis(100));
    nodes.store("n2", SHARD).breakReads();
    nodes.loseAnswers(_ -> false);
    nodes.pass(Duration.ofSeconds(2));
    hasStopped(nodes, SHARD);
    isWrittenWhenAnotherOneLeads(nodes);
  }

  @Test
  void ofTheSystemGroup() {
    var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
    nodes.store("n2", World.SHARDS).breakReads();
    nodes.lead(World.SHARDS, "n2");
    nodes.pass(Duration.ofSeconds(1));
    hasStopped(nodes, World.SHARDS);
    assertThat(nodes.node("n2").isServing()).isFalse();
    nodes.lead(World.SHARDS, "n3");
    nodes.pass(Duration.ofSeconds(1));
    assertThat(nodes.node("n3").isServing()).isTrue();
    nodes.await(nodes.startPut("n3", upsert(keyOn(2, 0), 1)));
  }

  /** Its other shards go on. */
  @Test
  void ofANodeThatIsAlone() {
    var world = new World();
    world.store(SHARD).breakReads();
    world.log(SHARD).depose(0);
    world.run();
    assertThat(world.transactions().failure()).containsInstanceOf(StorageException.class);
    var put = world.startPut(upsert(key, 1));
    world.run();
    assertThat(codeOf(put)).isEqualTo(Code.UNAVAILABLE);
    world.put(upsert(keyOn(1, 0), 1));
    assertThat(world.get(keyOn(1, 0))).isEqualTo(1);
  }
}
