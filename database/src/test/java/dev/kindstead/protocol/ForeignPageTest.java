package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A page in the browser of who develops could write to, empty and end a server that listens for
 * this machine only, without asking first; and by a name of its own for 127.0.0.1 read everything.
 */
@Timeout(60)
final class ForeignPageTest {
  private static final String LOOKUP = "POST /v1/projects/p1:lookup";
  private static final Pattern LENGTH =
      Pattern.compile("content-length: (\\d+)", Pattern.CASE_INSENSITIVE);

  private static OpenDoor door;

  @BeforeAll
  static void open() {
    door = new OpenDoor();
  }

  @AfterAll
  static void close() {
    door.close();
  }

  /** As a browser sends it, byte for byte; a body of JSON without a content type. */
  private static String ask(String what, String... headers) throws Exception {
    try (var socket = new Socket("127.0.0.1", door.door.port())) {
      String request =
          what + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nContent-Length: 2\r\n\r\n{}";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      var answer = new StringBuilder();
      while (!isWhole(answer)) {
        answer.append((char) socket.getInputStream().read());
      }
      return answer.toString();
    }
  }

  private static boolean isWhole(StringBuilder answer) {
    int headers = answer.indexOf("\r\n\r\n");
    Matcher length = LENGTH.matcher(answer);
    return headers >= 0
        && length.find()
        && answer.length() >= headers + 4 + Integer.parseInt(length.group(1));
  }

  private static String own() {
    return "127.0.0.1:" + door.door.port();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LOOKUP,
        "POST /reset",
        "POST /shutdown",
        "POST /cluster/remove",
        "GET /cluster",
        "GET /",
        "OPTIONS /reset",
        "POST /nowhere"
      })
  void whatAnotherPageAsksIsRefused(String what) throws Exception {
    for (String origin : new String[] {"https://evil.example", "null", "http://127.0.0.1:1"}) {
      assertThat(ask(what, "Host: " + own(), "Origin: " + origin))
          .startsWith("HTTP/1.1 403")
          .contains("web page of " + origin, "Call from a program");
    }
  }

  @Test
  void soItIsOverGrpc() {
    var refused = door.grpc(Rpc.LOOKUP, new byte[0], "origin", "https://evil.example");
    assertThat(OpenDoor.status(refused)).isEqualTo("7");
  }

  @Test
  void theServersOwnPagesAndProgramsMayAsk() throws Exception {
    assertThat(ask("GET /", "Host: " + own(), "Origin: http://" + own()))
        .startsWith("HTTP/1.1 200");
    assertThat(ask(LOOKUP, "Host: " + own())).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8081", "127.0.0.1.evil.example", "a.b."})
  void aPublicNameIsNotThisMachine(String host) throws Exception {
    assertThat(ask("GET /", "Host: " + host))
        .startsWith("HTTP/1.1 403")
        .contains("asks for " + host, "--listen");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8081",
        "kindstead:8081",
        "10.0.0.9",
        "[::1]:8081",
        "[::1]",
        "db.localhost",
        "host.docker.internal:80",
        "db.test",
        "mac.local",
        "localhost."
      })
  void aLocalNameIs(String host) throws Exception {
    assertThat(ask("GET /", "Host: " + host)).startsWith("HTTP/1.1 200");
  }

  @Test
  void aRequestWithoutAHostIsTaken() throws Exception {
    assertThat(ask("GET /", "Accept: */*")).startsWith("HTTP/1.1 200");
  }

  @Test
  void aServerForOthersHasAnyName() {
    RequestHeaders headers =
        RequestHeaders.builder(HttpMethod.GET, "/").authority("db.example:8081").build();
    assertThat(new ForeignPages(null).refusal(headers)).isNull();
    assertThat(new ForeignPages("db.example").refusal(headers)).isNull();
    assertThat(new ForeignPages("localhost").refusal(headers)).isNotNull();
  }

  /** What a browser leaves out, a proxy may add. */
  @Test
  void theUsualPortIsNoDifference() {
    RequestHeaders headers =
        RequestHeaders.builder(HttpMethod.GET, "/")
            .authority("db.example:443")
            .add("origin", "https://db.example")
            .build();
    assertThat(new ForeignPages(null).refusal(headers)).isNull();
  }
}
