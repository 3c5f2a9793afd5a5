package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Kindstead;
import dev.kindstead.directory.ClusterDescription;
import dev.kindstead.directory.ClusterDescription.Report;
import dev.kindstead.directory.DescribedNode;
import dev.kindstead.directory.NodeCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A node that was started with another retention than the rest drops what they keep. */
final class DifferencesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static Report node(String id, long secondsAhead, String retention) {
    var condition =
        new NodeCondition(
            false,
            Optional.of(NOW.plusSeconds(secondsAhead)),
            Optional.empty(),
            Map.of("history-retention", retention, "leaders", "spread"));
    var description = DescribedNode.of(id, 1, false, List.of(), condition);
    return new Report(description, "", Optional.empty());
  }

  private static List<String> seenBy(String id, Report... nodes) {
    return Differences.of(new ClusterDescription(id, NOW, List.of(nodes)), id);
  }

  @Test
  void aNodeSaysInWhatItDiffers() {
    Report[] nodes = {node("a", 0, "3600s"), node("b", 90, "600s"), node("c", 0, "3600s")};
    assertThat(seenBy("b", nodes))
        .containsExactly(
            "the wall clock of this node is not that of the others: have NTP keep it",
            "history-retention is 3600s on a, c, another value here: start all nodes with the"
                + " same");
    assertThat(seenBy("a", nodes))
        .containsExactly(
            "history-retention is 600s on b, another value here: start all nodes with the same");
  }

  @Test
  void nodesThatAgreeSayNothing() {
    assertThat(seenBy("a", node("a", 0, "3600s"), node("b", 1, "3600s"))).isEmpty();
  }

  /** The same request would be refused by one node and served by another. */
  @Test
  void limitsOfRequestsAreCompared() {
    for (String limit :
        List.of("lookup-keys-max=500", "mutations-max=7", "request-bytes-max=1MiB")) {
      String name = limit.substring(0, limit.indexOf('='));
      assertThat(settings("--" + limit).get(name)).isNotNull().isNotEqualTo(settings().get(name));
    }
    assertThat(settings("--connections-max=50")).as("what a node bears").isEqualTo(settings());
  }

  private static Map<String, String> settings(String... flags) {
    var all = new ArrayList<Map<String, String>>();
    List<String> command = new ArrayList<>(List.of("start"));
    command.addAll(List.of(flags));
    int code =
        new Kindstead(
                Map.of(),
                configuration -> {
                  all.add(NodeOptions.of(configuration).sharedSettings());
                  return ExitCode.OK;
                })
            .run(command.toArray(String[]::new));
    assertThat(code).isZero();
    return all.getFirst();
  }
}
