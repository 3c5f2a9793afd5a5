package dev.kindstead.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.ClusterDescription.Report;
import dev.kindstead.directory.DescribedNode;
import dev.kindstead.directory.NodeCondition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A mistyped number must not drain or remove the node whose id happens to begin with it. */
final class NodeMeantTest {
  private static final ClusterDescription CLUSTER =
      new ClusterDescription(
          "node-33158f2a408e",
          Instant.EPOCH,
          List.of(
              node(1, "node-33158f2a408e"),
              node(2, "node-422c9862875b"),
              node(3, "node-a32b3b357d42")));

  private static Report node(int number, String id) {
    var description = DescribedNode.of(id, number, false, List.of(), NodeCondition.UNKNOWN);
    return new Report(description, "", Optional.empty());
  }

  private static String meant(String word) {
    return NodeChangeCommand.nodeId(CLUSTER, word);
  }

  @Test
  void aNumberIsTheNumberOfANode() {
    assertThat(meant("3")).isEqualTo("node-a32b3b357d42");
    assertThatThrownBy(() -> meant("4"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("no node is called 4; there are 1 (node-33158f2a408e");
  }

  @Test
  void otherWordsBeginAnId() {
    assertThat(meant("a3")).isEqualTo("node-a32b3b357d42");
    assertThat(meant("node-4")).isEqualTo("node-422c9862875b");
    assertThat(meant("node-33158f2a408e")).isEqualTo("node-33158f2a408e");
    assertThatThrownBy(() -> meant("node-")).hasMessageContaining("node- may be");
    assertThatThrownBy(() -> meant("node-5")).hasMessageContaining("no node is called node-5");
  }
}
