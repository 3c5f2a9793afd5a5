package dev.kindstead.transport;

/**
 * Where a node can be dialled, by its text {@code host:port} or {@code [v6]:port}.
 *
 * @param host without brackets
 */
record NodeAddress(String host, int port) {
  private static final int PORT_MAX = 65_535;

  static NodeAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon > 0 && colon > text.lastIndexOf(']')) {
      String host = text.substring(0, colon);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      } else if (host.indexOf(':') >= 0) {
        host = "";
      }
      if (host.indexOf('[') >= 0 || host.indexOf(']') >= 0) {
        host = "";
      }
      int port = portOf(text.substring(colon + 1));
      if (!host.isEmpty() && port >= 0) {
        return new NodeAddress(host, port);
      }
    }
    throw new IllegalArgumentException("no address like 10.0.0.1:7081: " + text);
  }

  private static int portOf(String text) {
    try {
      int port = Integer.parseInt(text);
      return port <= PORT_MAX ? port : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
