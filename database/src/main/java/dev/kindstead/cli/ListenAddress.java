package dev.kindstead.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where to listen.
 *
 * @param host as the user wrote it, without brackets
 * @param port zero for any free one
 */
public record ListenAddress(String host, int port) {
  public static final int DEFAULT_PORT = 8081;
  static final int DEFAULT_NODE_PORT = 8082;
  private static final int PORT_MAX = 65_535;

  /** Reads {@code host:port}, {@code [v6]:port}, {@code host}, {@code :port} or {@code port}. */
  public static ListenAddress parse(String text) {
    return parse(text, DEFAULT_PORT);
  }

  /** The same for the address at which other nodes reach a node. */
  static ListenAddress parseNode(String text) {
    return parse(text, DEFAULT_NODE_PORT);
  }

  /**
   * Reads addresses of nodes, separated by commas. None may be empty, as a script's unset variable
   * is: it would be this node itself, which would found a cluster of its own.
   */
  static List<ListenAddress> parseNodes(String text) {
    List<String> parts = Stream.of(text.split(",", -1)).map(String::strip).toList();
    if (parts.contains("")) {
      throw new IllegalArgumentException("an address is empty: \"%s\"".formatted(text));
    }
    return parts.stream().map(ListenAddress::parseNode).toList();
  }

  private static ListenAddress parse(String text, int defaultPort) {
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
    int number = port.isEmpty() ? defaultPort : portOf(port, text);
    return new ListenAddress(host.isEmpty() ? "localhost" : host, number);
  }

  private static int portOf(String port, String text) {
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
