package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecurityDefaultsTest {
  @Test
  void anAddressOutsideLoopbackIsRefusedWithoutTls() {
    for (String profile : new String[] {"dev", "start"}) {
      ClientProgram.Result result =
          CommandLine.run(profile, "--listen", "0.0.0.0:" + KindsteadProcess.freePort());

      assertThat(result.exitCode()).as(profile).isEqualTo(2);
      assertThat(result.output()).as(profile).contains("--tls-certificate", "--insecure");
    }
  }

  @Test
  void insecureIsPossibleAndLoud() {
    int port = KindsteadProcess.freePort();
    try (KindsteadProcess server =
        KindsteadProcess.on(port, "dev", "0.0.0.0:" + port, "--insecure")) {
      assertThat(server.log()).containsIgnoringCase("warn").contains("INSECURE");
    }
  }

  @Test
  void halfATlsConfigurationIsRefused() {
    assertThat(CommandLine.run("dev", "--tls-certificate", "x.pem").exitCode()).isEqualTo(2);
  }
}
