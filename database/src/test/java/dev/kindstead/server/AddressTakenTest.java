package dev.kindstead.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.ListenAddress;
import dev.kindstead.cli.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Found out late, a node would have joined its cluster and leave it without a word. */
final class AddressTakenTest {
  @Test
  void itIsFoundOutBeforeTheNodeTakesPart() throws IOException {
    ListenAddress address;
    try (var other = new ServerSocket()) {
      other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      address = new ListenAddress("127.0.0.1", other.getLocalPort());
      assertThatThrownBy(() -> LocalAddresses.check(address))
          .isInstanceOfSatisfying(
              Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.ADDRESS))
          .hasMessageContaining("can't listen on 127.0.0.1:")
          .hasMessageContaining("--listen");
    }
    assertThatCode(() -> LocalAddresses.check(address)).doesNotThrowAnyException();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anAddressThatNoInterfaceNamesMayBeThisMachinesAllTheSame() {
    assertThat(LocalAddresses.of(new ListenAddress("127.0.0.11", 8081)))
        .containsExactly(new InetSocketAddress("127.0.0.11", 8081));
  }

  @Test
  void anAddressOfAnotherMachineIsRefused() {
    assertThatThrownBy(() -> LocalAddresses.of(new ListenAddress("203.0.113.1", 8081)))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.ADDRESS))
        .hasMessageContaining("this machine has no such address");
  }
}
