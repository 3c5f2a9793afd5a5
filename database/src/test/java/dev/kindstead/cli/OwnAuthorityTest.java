package dev.kindstead.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
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
    KeyStore keys = selfSigned();
    authority = directory.resolve("authority.pem");
    Files.writeString(
        authority,
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(
                Base64.getMimeEncoder().encodeToString(keys.getCertificate("door").getEncoded())));
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

  private KeyStore selfSigned() throws Exception {
    Path store = directory.resolve("keys.p12");
    List<String> command =
        List.of(
            System.getProperty("java.home") + "/bin/keytool",
            "-genkeypair",
            "-alias",
            "door",
            "-keyalg",
            "EC",
            "-dname",
            "CN=door",
            "-ext",
            "SAN=IP:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            store.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(process.waitFor()).as("keytool's exit code").isZero();
    return KeyStore.getInstance(store.toFile(), PASSWORD);
  }

  private int list(Map<String, String> environment, String... arguments) {
    return new Kindstead(environment, _ -> ExitCode.OK)
        .writingTo(new PrintWriter(output, true))
        .run(
            Stream.concat(Stream.of("index", "list"), Arrays.stream(arguments))
                .toArray(String[]::new));
  }

  private String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
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
  void aFileThatIsNoneIsRefused() throws Exception {
    assertThat(list(Map.of(), "--tls-authority", "nowhere.pem")).isEqualTo(ExitCode.USAGE);
    assertThat(output.toString()).contains("nowhere.pem can't be read: there is no such file");
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    assertThat(list(Map.of(), "--tls-authority", empty.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(output.toString()).contains("has no certificate");
  }
}
