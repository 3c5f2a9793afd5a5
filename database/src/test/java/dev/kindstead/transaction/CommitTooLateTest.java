package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.keyOn;
import static dev.kindstead.transaction.World.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.environment.Network.Service;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A commit that was on its way, or its sender asleep, for longer than the log knows that it was
 * aborted.
 */
final class CommitTooLateTest {
  @Test
  void itIsNotApplied() {
    var nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
    Key key = keyOn(1, 0);
    TransactionId id = nodes.begin("n1");
    Bytes row = Bytes.of(KeyEncoding.entityKey(key));
    var write = new CommitPart.Write(0, upsert(key, 1), row, CommitRouting.slotOf(key), false);
    var part = CommitPart.of(1, id.bytes(), null, 7, 1, List.of(write), ReadPart.NOTHING);
    byte[] commit = new ShardQuestion.Commit(part, Duration.ofSeconds(1)).encode(1);
    nodes.pass(Duration.ofMinutes(16));
    nodes.await(nodes.startPut("n1", upsert(key, 2)));
    var unused = nodes.call("n1", "n2", Service.SHARDS, commit);
    nodes.pass(Duration.ofSeconds(1));
    assertThat(nodes.get("n1", key)).isEqualTo(2);
  }
}
