package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Kindstead;
import dev.kindstead.cli.Refusal;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** It ended in a stack trace. */
final class KeyOfAnotherCertificateTest {
  @TempDir private Path directory;

  @Test
  void theApisIsFoundAtTheStartAndNamed() {
    var said = new AtomicReference<>("");
    var command =
        new Kindstead(
            Map.of(),
            configuration -> {
              try {
                Node.start(NodeOptions.of(configuration), () -> {}, _ -> {}).close();
              } catch (Refusal refusal) {
                said.set(refusal.getMessage());
                throw refusal;
              }
              return ExitCode.OK;
            });
    for (String name : new String[] {"one", "two"}) {
      command.run("cert", "create", "--directory=" + directory, "--name=" + name);
    }
    int exitCode =
        command.run(
            "start",
            "--data-dir=" + directory.resolve("data"),
            "--listen=localhost:0",
            "--node-listen=localhost:0",
            "--tls-certificate=" + directory.resolve("one.pem"),
            "--tls-key=" + directory.resolve("two-key.pem"));
    assertThat(exitCode).isEqualTo(ExitCode.USAGE);
    assertThat(said.get()).contains("two-key.pem is not the key of", "one.pem");
  }
}
