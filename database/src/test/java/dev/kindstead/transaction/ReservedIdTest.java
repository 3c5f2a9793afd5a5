package dev.kindstead.transaction;

import static dev.kindstead.transaction.World.PARTITION;
import static dev.kindstead.transaction.World.codeOf;
import static dev.kindstead.transaction.World.insert;
import static dev.kindstead.transaction.World.keyOn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Code;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.Key;
import dev.kindstead.model.PathElement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 11 across homes: what one has reserved, one of the past must not hand out. */
final class ReservedIdTest {
  private final Nodes nodes = new Nodes(ConcurrencyMode.OPTIMISTIC);
  private final Key parent = keyOn(1, 0); // another node than the home of the past leads its shard
  private final Key incomplete =
      new Key(PARTITION, List.of(parent.last(), PathElement.incomplete("C")));

  @Test
  void itIsNotHandedOutByAHomeOfThePast() {
    nodes.await(nodes.startPut("n1", insert(incomplete, 1)));
    var unused = nodes.leadUnnoticed(World.SHARDS, "n2");
    nodes.pass(Duration.ofSeconds(1));
    Key second = incomplete.withId(IdAllocator.idOf(2));
    nodes.await(nodes.node("n2").reserveIds(List.of(second)));
    var commit = nodes.startPut("n1", insert(incomplete, 2));
    nodes.pass(Duration.ofSeconds(11));
    assertThat(codeOf(commit)).isEqualTo(Code.UNAVAILABLE);
    assertThat(nodes.get("n2", second)).isNull();
  }
}
