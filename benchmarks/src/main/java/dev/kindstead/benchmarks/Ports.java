package dev.kindstead.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/** Free ports of the loopback address. */
final class Ports {
  private static final int KEPT_FROM = 20_000;
  private static final int KEPT = 12_000;
  private static final int ATTEMPTS_MAX = 1_000;

  private Ports() {}

  static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One that a server can have again after it was down: it lies below those that systems give to
   * clients' connections.
   */
  static int kept() {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      int port = KEPT_FROM + new SecureRandom().nextInt(KEPT);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // Another one, then.
      }
    }
    throw new IllegalStateException("no free port after " + ATTEMPTS_MAX + " attempts");
  }
}
