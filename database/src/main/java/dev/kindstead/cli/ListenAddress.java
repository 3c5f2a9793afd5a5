package dev.kindstead.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where to listen.
 *
 * @param host as the user wrote it, without brackets
 * @param port zero for any free one
 */
public record ListenAddress(String host, int port) {
  public static final int DEFAULT_PORT = 8081;
  private static final int PORT_MAX = 65_535;

  /** Reads {@code host:port}, {@code [v6]:port}, {@code host}, {@code :port} or {@code port}. */
  public static ListenAddress parse(String text) {
    String host = text;
    String port = "";
    int colon = text.lastIndexOf(':');
    boolean bareVersion6 = !text.startsWith("[") && text.indexOf(':') != colon;
    if (text.chars().allMatch(Character::isDigit)) {
      host = "";
      port = text;
    } else if (colon > text.lastIndexOf(']') && !bareVersion6) {
      host = text.substring(0, colon);
      port = text.substring(colon + 1);
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new ListenAddress(host.isEmpty() ? "localhost" : host, portOf(port, text));
  }

  private static int portOf(String port, String text) {
    if (port.isEmpty()) {
      return DEFAULT_PORT;
    }
    try {
      int number = Integer.parseInt(port);
      if (number >= 0 && number <= PORT_MAX) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException("no address like localhost:8081: " + text);
  }

  /** Whether only this machine can reach it. */
  public boolean isLoopback() {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
