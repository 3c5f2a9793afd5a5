package dev.kindstead.server;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.ListenAddress;
import dev.kindstead.cli.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The socket addresses that a host name stands for on this machine. "localhost" usually is an IPv4
 * and an IPv6 address, and clients try either first.
 */
final class LocalAddresses {
  private LocalAddresses() {}

  static List<InetSocketAddress> of(ListenAddress listen) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    try {
      for (InetAddress address : InetAddress.getAllByName(listen.host())) {
        if (address.isAnyLocalAddress() || isOfThisMachine(address)) {
          addresses.add(new InetSocketAddress(address, listen.port()));
        }
      }
    } catch (UnknownHostException | SocketException e) {
      throw refusal(listen, e.toString());
    }
    if (addresses.isEmpty()) {
      throw refusal(listen, "this machine has no such address");
    }
    // A free port would be another one for each address.
    return listen.port() == 0 ? addresses.subList(0, 1) : addresses;
  }

  /** On Linux more than the interfaces name: all of 127.0.0.0/8, and what a route calls local. */
  private static boolean isOfThisMachine(InetAddress address) throws SocketException {
    if (NetworkInterface.getByInetAddress(address) != null) {
      return true;
    }
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Refuses an address that can't be had now: a node that finds that out when its door opens has
   * taken part in its cluster by then.
   */
  static void check(ListenAddress listen) {
    for (InetSocketAddress address : of(listen)) {
      try (var socket = SocketChannel.open()) {
        socket.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);
      } catch (IOException e) {
        throw taken(listen, e);
      }
    }
  }

  static Refusal taken(ListenAddress listen, Throwable why) {
    return new Refusal(
        ExitCode.ADDRESS,
        """
        can't listen on %s: %s
        If another program uses the address, choose another one with --listen.\
        """
            .formatted(listen, why.getMessage()));
  }

  private static Refusal refusal(ListenAddress listen, String reason) {
    return new Refusal(ExitCode.ADDRESS, "can't listen on %s: %s".formatted(listen, reason));
  }
}
