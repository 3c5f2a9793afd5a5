package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Kindstead;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Another number of shards than the data has would be passed over in silence. */
@Timeout(60)
final class ShardsChangedTest {
  @TempDir private Path directory;

  private int startAndStop(Map<String, String> environment, String... more) {
    String[] all = new String[more.length + 4];
    all[0] = "start";
    all[1] = "--data-dir=" + directory;
    all[2] = "--listen=localhost:0";
    all[3] = "--node-listen=localhost:0";
    System.arraycopy(more, 0, all, 4, more.length);
    return new Kindstead(
            environment,
            configuration -> {
              Node.start(NodeOptions.of(configuration), () -> {}, _ -> {}).close();
              return ExitCode.OK;
            })
        .run(all);
  }

  @Test
  void whoAsksForThemHearsWhatThereIs() {
    assertThat(startAndStop(Map.of(), "--shards=2")).isEqualTo(ExitCode.OK);
    assertThat(startAndStop(Map.of(), "--shards=3")).isEqualTo(ExitCode.USAGE);
    assertThat(startAndStop(Map.of("KINDSTEAD_SHARDS", "4"))).isEqualTo(ExitCode.USAGE);
    assertThat(startAndStop(Map.of(), "--shards=2")).isEqualTo(ExitCode.OK);
    assertThat(startAndStop(Map.of())).as("nobody asks").isEqualTo(ExitCode.OK);
  }
}
