package dev.kindstead.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nobody but this machine reaches a server without TLS unless its user said so. */
final class ListenOutsideLoopbackTest {
  private static void check(Map<Setting<?>, String> given) {
    Map<Setting<?>, Configuration.Choice> choices = new LinkedHashMap<>();
    given.forEach((setting, text) ->
        choices.put(setting, new Configuration.Choice(text, new Origin.Flag(setting.flag()))));
    ConfigurationRules.check(
        new ConfigurationSources(Map.of()).resolve(Profile.START, choices, Optional.empty()));
  }

  @Test
  void loopbackNeedsNothing() {
    for (String address : List.of("localhost:1", "127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "8081")) {
      assertThatCode(() -> check(Map.of(Setting.LISTEN, address))).doesNotThrowAnyException();
    }
  }

  @Test
  void everythingElseIsRefusedWithWhatToDo() {
    for (String address : List.of("0.0.0.0:8081", "[::]:8081", "192.0.2.7:8081")) {
      assertThatThrownBy(() -> check(Map.of(Setting.LISTEN, address)))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("--tls-certificate")
          .hasMessageContaining("--insecure");
    }
  }

  @Test
  void tlsOrTheExplicitFlagAllowsIt() {
    assertThatCode(() ->
            check(
                Map.of(
                    Setting.LISTEN, "0.0.0.0:8081",
                    Setting.TLS_CERTIFICATE, "chain.pem",
                    Setting.TLS_KEY, "key.pem")))
        .doesNotThrowAnyException();
    assertThatCode(() -> check(Map.of(Setting.LISTEN, "0.0.0.0:8081", Setting.INSECURE, "true")))
        .doesNotThrowAnyException();
  }

  /** Also of a node that begins alone: others may join it. */
  @Test
  void nodesAreListenedForLikewise() {
    assertThatCode(() -> check(Map.of(Setting.NODE_LISTEN, "localhost:8082")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check(Map.of(Setting.NODE_LISTEN, "0.0.0.0:8082")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("cert create")
        .hasMessageContaining("--insecure");
    assertThatThrownBy(() -> check(Map.of(Setting.NODE_TLS_KEY, "key.pem")))
        .hasMessageContaining("belong together");
    assertThatCode(() ->
            check(
                Map.of(
                    Setting.NODE_LISTEN, "0.0.0.0:8082",
                    Setting.NODE_TLS_AUTHORITY, "ca.pem",
                    Setting.NODE_TLS_CERTIFICATE, "node.pem",
                    Setting.NODE_TLS_KEY, "key.pem")))
        .doesNotThrowAnyException();
  }

  @Test
  void certificateWithoutKeyIsRefused() {
    assertThatThrownBy(() -> check(Map.of(Setting.TLS_CERTIFICATE, "chain.pem")))
        .hasMessageContaining("belong together");
  }

  @Test
  void addressesAreReadAsTheEmulatorsDo() {
    assertThat(ListenAddress.parse("9000")).isEqualTo(new ListenAddress("localhost", 9000));
    assertThat(ListenAddress.parse(":9000")).isEqualTo(new ListenAddress("localhost", 9000));
    assertThat(ListenAddress.parse("::1")).isEqualTo(new ListenAddress("::1", 8081));
    assertThat(ListenAddress.parse("[::1]:0")).isEqualTo(new ListenAddress("::1", 0));
    assertThat(ListenAddress.parse("db.example")).isEqualTo(new ListenAddress("db.example", 8081));
    assertThat(new ListenAddress("::1", 8081)).hasToString("[::1]:8081");
    assertThatThrownBy(() -> ListenAddress.parse("localhost:99999"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
