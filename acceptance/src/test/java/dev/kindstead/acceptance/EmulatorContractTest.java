package dev.kindstead.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tools written around Google's emulators expect of the process and its port. */
class EmulatorContractTest {
  @Test
  void devSaysWhereItListensAndTakesTheEmulatorsFlags() {
    try (KindsteadProcess server =
        KindsteadProcess.dev("--no-store-on-disk", "--consistency=1.0", "--project", "shop")) {
      assertThat(server.log())
          .contains("export DATASTORE_EMULATOR_HOST=" + server.hostAndPort())
          .contains("DATASTORE_PROJECT_ID=shop")
          .contains("Dev App Server is now running.");
    }
  }

  @Test
  void resetForgetsEverythingAndShutdownEnds() throws Exception {
    try (KindsteadProcess server = KindsteadProcess.dev();
        RawHttp http = new RawHttp(server);
        RawGrpc grpc = new RawGrpc(server, Projects.fresh())) {
      assertThat(new String(http.get("/").body(), UTF_8)).isEqualTo("Ok\n");
      grpc.commit(Raw.upsert(Raw.entity(Raw.key("K", "n"), "p", Raw.value(1L))));

      assertThat(http.post("/reset", "text/plain", new byte[0]).statusCode()).isEqualTo(200);
      assertThat(grpc.lookup(Raw.key("K", "n")).getFoundCount()).isZero();

      assertThat(http.post("/shutdown", "text/plain", new byte[0]).statusCode()).isEqualTo(200);
      for (int i = 0; i < 200 && server.isAlive(); i++) {
        Thread.sleep(50);
      }
      assertThat(server.isAlive()).isFalse();
    }
  }

  @Test
  void aDurableServerCanBeNeitherResetNorShutDownByAnyone(@TempDir Path directory) {
    try (KindsteadProcess server = KindsteadProcess.durable(directory);
        RawHttp http = new RawHttp(server)) {
      assertThat(http.post("/reset", "text/plain", new byte[0]).statusCode()).isEqualTo(404);
      assertThat(http.post("/shutdown", "text/plain", new byte[0]).statusCode()).isEqualTo(404);
      assertThat(server.isAlive()).isTrue();
    }
  }

  @Test
  void healthAndMetrics() {
    try (KindsteadProcess server = KindsteadProcess.dev();
        RawHttp http = new RawHttp(server)) {
      assertThat(http.get("/livez").statusCode()).isEqualTo(200);
      assertThat(http.get("/readyz").statusCode()).isEqualTo(200);
      assertThat(new String(http.get("/metrics").body(), UTF_8)).contains("# TYPE");
    }
  }
}
