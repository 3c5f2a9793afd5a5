package dev.kindstead.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands reach a server whose certificate Java does not trust, when they are told whose it is.
 */
final class OwnAuthorityTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final StringWriter output = new StringWriter();

  @TempDir Path directory;
  private HttpsServer server;
  private Path authority;

  @BeforeEach
  void start() throws Exception {
    Instant now = Instant.now();
    CertificateAuthority own = CertificateAuthority.create(now, Duration.ofDays(1));
    var files = new CertificateFiles(directory);
    files.write("ca", own.certificate(), own.key());
    authority = files.certificate("ca");
    CertificateAuthority.Issued issued = own.issue("localhost", now, Duration.ofDays(1));
    KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
    keys.load(null, null);
    keys.setKeyEntry("door", issued.key(), PASSWORD, new Certificate[] {issued.certificate()});
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          byte[] answer = "{\"indexes\":[]}".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private int list(Map<String, String> environment, String... arguments) {
    return new Kindstead(environment, _ -> ExitCode.OK)
        .writingTo(new PrintWriter(output, true))
        .run(
            Stream.concat(Stream.of("index", "list"), Arrays.stream(arguments))
                .toArray(String[]::new));
  }

  private String address() {
    return "localhost:" + server.getAddress().getPort();
  }

  @Test
  void isTrustedWhenItIsNamed() {
    assertThat(list(Map.of(), "--endpoint", address(), "--tls-authority", authority.toString()))
        .as(output.toString())
        .isEqualTo(ExitCode.OK);
    Map<String, String> environment = Map.of("KINDSTEAD_TLS_AUTHORITY", authority.toString());
    assertThat(list(environment, "--endpoint", "https://" + address())).isEqualTo(ExitCode.OK);
  }

  @Test
  void isNotOtherwiseAndTheUserHearsWhatToDo() {
    assertThat(list(Map.of(), "--endpoint", "https://" + address())).isEqualTo(ExitCode.ADDRESS);
    assertThat(output.toString()).contains("is not trusted").contains("--tls-authority FILE");
  }

  @Test
  void whoSpeaksNoTlsToItHearsThatItShould() {
    assertThat(list(Map.of(), "--endpoint", address())).isEqualTo(ExitCode.ADDRESS);
    assertThat(output.toString())
        .contains("speaks TLS, and was asked without: name it https://" + address())
        .doesNotContain("Is the server running there?");
    try (var client = new AdminClient(address(), null)) {
      var refusal =
          catchThrowableOfType(Refusal.class, () -> client.change("/cluster/drain", "node-a"));
      assertThat(refusal.exitCode()).as("nothing was done").isEqualTo(ExitCode.ADDRESS);
    }
  }

  @Test
  void aFileThatIsNoneIsRefused() throws Exception {
    assertThat(list(Map.of(), "--tls-authority", "nowhere.pem")).isEqualTo(ExitCode.USAGE);
    assertThat(output.toString()).contains("nowhere.pem can't be read: there is no such file");
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    assertThat(list(Map.of(), "--tls-authority", empty.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(output.toString()).contains("has no certificate");
  }
}
