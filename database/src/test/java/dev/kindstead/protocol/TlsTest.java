package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.LookupResponse;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import dev.kindstead.admission.Gates;
import dev.kindstead.environment.SystemClock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a certificate the one port speaks TLS, and ALPN decides between HTTP/1.1 and HTTP/2. */
final class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @Test
  void bothHttpVersionsOverTls(@TempDir Path directory) throws Exception {
    var door =
        new FrontDoor(
            new FrontDoorOptions(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                selfSigned(directory),
                Limits.DEFAULT,
                TransportLimits.defaults(),
                null),
            new FakeOperations(),
            new Gates(new SystemClock(), (delay, task) -> () -> {}),
            null,
            Forwarding.NONE,
            List::of,
            NoCluster.NONE,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    door.start().join();
    try (ClientFactory clients = ClientFactory.builder().tlsNoVerify().build()) {
      byte[] lookup = Requests.lookup(Requests.key("A", "b")).toByteArray();
      var grpc =
          client("h2", door, clients)
              .execute(
                  RequestHeaders.of(
                      HttpMethod.POST,
                      "/" + Rpc.SERVICE + "/Lookup",
                      "content-type",
                      "application/grpc"),
                  HttpData.wrap(OpenDoor.frame((byte) 0, lookup)))
              .aggregate()
              .join();
      assertThat(OpenDoor.status(grpc)).isEqualTo("0");
      var http1 =
          client("h1", door, clients)
              .execute(
                  RequestHeaders.builder(HttpMethod.POST, "/v1/projects/p1:lookup")
                      .contentType(MediaType.create("application", "x-protobuf"))
                      .build(),
                  HttpData.wrap(lookup))
              .aggregate()
              .join();
      assertThat(LookupResponse.parseFrom(http1.content().array()).getMissingCount()).isEqualTo(1);
      var reset = client("h2", door, clients).post("/reset", "").aggregate().join();
      assertThat(reset.status().code()).as("outside development").isEqualTo(404);
    } finally {
      door.stop().join();
    }
  }

  private static WebClient client(String protocol, FrontDoor door, ClientFactory clients) {
    return WebClient.builder(protocol + "://127.0.0.1:" + door.port()).factory(clients).build();
  }

  private static FrontDoorOptions.Tls selfSigned(Path directory) throws Exception {
    Path store = directory.resolve("keys.p12");
    String keytool = System.getProperty("java.home") + "/bin/keytool";
    List<String> command =
        List.of(
            keytool,
            "-genkeypair",
            "-alias",
            "door",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            store.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(process.waitFor()).as("keytool's exit code").isZero();
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    return new FrontDoorOptions.Tls(
        pem(directory, "CERTIFICATE", keys.getCertificate("door").getEncoded()),
        pem(directory, "PRIVATE KEY", keys.getKey("door", PASSWORD).getEncoded()));
  }

  private static File pem(Path directory, String what, byte[] der) throws Exception {
    String body = Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(der);
    String text = "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, body, what);
    return Files.writeString(directory.resolve(what.replace(' ', '-') + ".pem"), text).toFile();
  }
}
