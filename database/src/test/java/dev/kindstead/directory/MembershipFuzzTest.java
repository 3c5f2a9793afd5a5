package dev.kindstead.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.directory.NodeDescription.Disk;
import dev.kindstead.directory.NodeDescription.Move;
import dev.kindstead.directory.NodeDescription.ReplicaDescription;
import dev.kindstead.directory.NodeMemory.Boot;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.ReplicaStatus;
import dev.kindstead.telemetry.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What nodes tell each other of the cluster: any bytes are that or refused. */
final class MembershipFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(IllegalArgumentException.class);

  static Stream<byte[]> messages() {
    var identity = NodeIdentity.found("node-a", List.of("node-a"), 4, new Random(1));
    return Stream.of(
        new Hello(
                "node-a",
                new Boot(3, -5),
                List.of(new Boot(1, 9), new Boot(2, -7)),
                List.of("a:1", "b:2"),
                Hello.packed(identity),
                Map.of("node-b", "b:2"),
                "")
            .encode(),
        MembershipMessages.about("remove", List.of("node-a", "node-b")),
        MembershipMessages.verdict("no", "node-a", "a,b;a=,b=z*3"),
        MembershipMessages.request("join", Map.of("node-id", "node-a", "zone", "z*2")));
  }

  @MethodSource("messages")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void message(byte[] bytes) {
    Hello hello = BYTES.comesBack(bytes, Hello::decode, Hello::encode);
    if (hello != null && hello.isFormed()) {
      BYTES.read(hello.identity().getBytes(UTF_8), _ -> hello.cluster());
    }
    BYTES.read(bytes, MembershipMessages::nodesOf);
    BYTES.read(bytes, MembershipMessages::verdictOf);
    BYTES.read(bytes, MembershipMessages::servingOf);
    BYTES.read(bytes, Admission::placeOf);
    BYTES.read(bytes, any -> new MembershipMessages().handle("node-b", any).isDone());
  }

  static Stream<byte[]> descriptions() {
    Instant then = Instant.parse("2026-11-21T10:00:00Z");
    var status =
        new ReplicaStatus(
            ReplicaStatus.Role.LEADS, "node-a", 3, 70, 71, 72, List.of("node-a", "node-b"));
    var node =
        new NodeDescription(
            "cluster-1",
            "node-a",
            1,
            "a:8081",
            "a:8082",
            new NodePlace("z", 2),
            "r",
            "0.1",
            5,
            Optional.of(then),
            true,
            Optional.of(new Disk(100, 1_000)),
            Optional.of(new Move("system", List.of("node-a", "node-b"), List.of("node-c"), then)),
            List.of("node-x"),
            List.of(
                new ReplicaDescription("system", status, 0),
                new ReplicaDescription("0", status, 4_096)),
            new NodeCondition(
                true, Optional.of(then), Optional.of(then), Map.of("history-retention", "3600s")));
    String text = DescriptionJson.write(node);
    String longAgo = text.replace("\"move_since\": \"2026", "\"move_since\": \"-999999999");
    return Stream.of(text, longAgo, "{\"a\":[1e5,null]}").map(each -> each.getBytes(UTF_8));
  }

  /** The node that asks tells what it hears to its own users. */
  @MethodSource("descriptions")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void description(byte[] bytes) {
    NodeDescription node =
        BYTES.comesBack(
            bytes,
            any -> DescriptionJson.readNode(new String(any, UTF_8)),
            any -> DescriptionJson.write(any).getBytes(UTF_8));
    if (node != null) {
      var cluster =
          new ClusterDescription(
              "node-a",
              Instant.parse("2026-11-21T10:05:00Z"),
              List.of(
                  new ClusterDescription.Report(node, "", Optional.empty()),
                  new ClusterDescription.Report(node, "silent", Optional.of(Instant.EPOCH))));
      BYTES.comesBack(
          Json.write(DescriptionJson.tree(cluster)).getBytes(UTF_8),
          any -> DescriptionJson.readCluster(new String(any, UTF_8)),
          any -> Json.write(DescriptionJson.tree(any)).getBytes(UTF_8));
      DescriptionJson.groups(cluster);
    }
  }
}
