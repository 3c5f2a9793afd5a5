package dev.kindstead.cli;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Whether a server that has no answer to plain HTTP speaks TLS. */
final class TlsProbe {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private TlsProbe() {}

  static boolean speaksTls(URI server) {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    try (var plain = new Socket()) {
      plain.connect(
          new InetSocketAddress(server.getHost(), server.getPort()), (int) LIMIT.toMillis());
      plain.setSoTimeout((int) LIMIT.toMillis());
      try (var socket =
          (SSLSocket) factory.createSocket(plain, server.getHost(), server.getPort(), true)) {
        socket.startHandshake();
        return true;
      }
    } catch (SSLHandshakeException e) {
      // It has shown a certificate, trusted or not; who just hangs up has not.
      return !(e.getCause() instanceof EOFException);
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }
}
