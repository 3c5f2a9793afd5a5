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
  private final Nodes nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
  private final Key key = keyOn(1, 0);

  @Test
  void itIsNotApplied() {
    TransactionId id = nodes.begin("n1");
    nodes.pass(Duration.ofMinutes(16));
    nodes.await(nodes.startPut("n1", upsert(key, 2)));
    commitLate(id);
    assertThat(nodes.get("n1", key)).isEqualTo(2);
  }

  /** Such a leader may have heard of no timestamp that would tell it how late that is. */
  @Test
  void itIsNotAppliedByALeaderThatHasHadNothingToDo() {
    nodes.await(nodes.startPut("n1", upsert(key, 2)));
    TransactionId id = nodes.begin("n1");
    var asked = new ShardQuestion.Outcome(id.bytes()).encode(1);
    nodes.await(nodes.call("n1", "n2", Service.SHARDS, asked)); // and so it is aborted
    Key elsewhere = keyOn(0, 0);
    for (int minute = 0; minute < 17; minute++) {
      nodes.await(nodes.startPut("n1", upsert(elsewhere, minute)));
      nodes.pass(Duration.ofMinutes(1));
    }
    commitLate(id);
    assertThat(nodes.get("n1", key)).isEqualTo(2);
  }

  private void commitLate(TransactionId id) {
    Bytes row = Bytes.of(KeyEncoding.entityKey(key));
    var write = new CommitPart.Write(0, upsert(key, 1), row, CommitRouting.slotOf(key), false);
    var part = CommitPart.of(1, id.bytes(), null, 7, 1, List.of(write), ReadPart.NOTHING);
    byte[] commit = new ShardQuestion.Commit(part, Duration.ofSeconds(1)).encode(1);
    var unused = nodes.call("n1", "n2", Service.SHARDS, commit);
    nodes.pass(Duration.ofSeconds(1));
  }
}
