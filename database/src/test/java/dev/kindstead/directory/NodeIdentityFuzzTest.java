package dev.kindstead.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who a node is: any text tells it, or is refused, also with a checksum that fits. */
final class NodeIdentityFuzzTest {
  private static final AnyBytes BYTES =
      AnyBytes.refusedWith(NodeIdentity.UnreadableException.class);

  static Stream<byte[]> identities() {
    var founder = NodeIdentity.found("node-b", List.of("node-a", "node-b"), 4, new Random(1));
    String text = founder.encode();
    return Stream.of(
            text,
            founder.ofNewcomer("node-c").encode(),
            text.replace("kindstead-node 2", "kindstead-node 1"),
            text.replace("shards: 4", "shards: 0"))
        .map(each -> each.getBytes(UTF_8));
  }

  @MethodSource("identities")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void identity(byte[] bytes) {
    read(new String(bytes, UTF_8));
    String text = new String(bytes, UTF_8);
    int end = text.lastIndexOf("checksum: ");
    String lines = end < 0 ? text : text.substring(0, end);
    var crc = new CRC32C();
    crc.update(lines.getBytes(UTF_8));
    read(lines + "checksum: %08x\n".formatted(crc.getValue()));
  }

  private static void read(String text) {
    BYTES.comesBack(
        text.getBytes(UTF_8),
        any -> NodeIdentity.decode(new String(any, UTF_8)),
        identity -> identity.encode().getBytes(UTF_8));
  }
}
