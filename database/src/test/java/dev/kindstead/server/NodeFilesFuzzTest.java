package dev.kindstead.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.NodeIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The small files of a data directory: any bytes are what they should be, or stop the start. */
final class NodeFilesFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(Refusal.class);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  static Stream<byte[]> files() {
    return Stream.of(
            "kindstead-starts 1\n7\nnode-0123456789ab 3 -5\n",
            "kindstead-starts 1\n9223372036854775807\n",
            "kindstead-starts 1\n7\nchecksum 5 7\n",
            "kindstead-starts 1\n7\nchecksum 5 6\n",
            "node-0123456789ab\n",
            NodeIdentity.alone("node-0123456789ab", 4, new Random(1)).encode())
        .flatMap(text -> Stream.of(text.getBytes(UTF_8), (text + "ÿ").getBytes(ISO_8859_1)));
  }

  @MethodSource("files")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void file(byte[] bytes) throws IOException {
    for (String name : NodeFiles.NAMES) {
      for (String other : NodeFiles.NAMES) {
        Files.deleteIfExists(directory.resolve(other));
      }
      Files.write(directory.resolve(name), bytes);
      BYTES.read(bytes, _ -> new NodeFiles(directory, new Random(1)).identity());
    }
  }
}
