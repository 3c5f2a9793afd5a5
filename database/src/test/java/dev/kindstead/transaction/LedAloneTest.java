package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * A cluster that grows: a node has the only replica of a shard, and another one serves. Who has no
 * replica hears whom to ask from the oracle only.
 */
final class LedAloneTest {
  private static final int SHARD = 1;

  private final Nodes nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
  private final Key key = keyOn(SHARD, 0);

  private void begin() {
    nodes.lead(World.SHARDS, "n3");
    nodes.pass(Duration.ofSeconds(1));
    nodes.log("n1", SHARD).standAlone();
    nodes.lead(SHARD, "n1");
    nodes.pass(Duration.ofSeconds(1));
  }

  private void joinCompany() {
    nodes
        .node("n1")
        .readReplicas(() -> CompletableFuture.failedFuture(new AssertionError("not asked")));
    nodes.pass(Duration.ofSeconds(1));
  }

  /** The first call finds out that whom it asked does not lead. */
  private void isFoundByTheOneThatServes() {
    var unused = nodes.startPut("n3", upsert(key, 1));
    nodes.pass(Duration.ofSeconds(1));
    nodes.await(nodes.startPut("n3", upsert(key, 2)));
    assertThat(nodes.get("n3", key)).isEqualTo(2);
  }

  @Test
  void whoLeadsInCompanyIsFound() {
    joinCompany();
    begin();
    isFoundByTheOneThatServes();
  }

  @Test
  void whoHasLedBeforeItHadCompanyIsFound() {
    begin();
    joinCompany();
    isFoundByTheOneThatServes();
  }
}
