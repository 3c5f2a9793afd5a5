package dev.kindstead.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Stands between a balancer and a node, and loses connections as a killed node does: after a large
 * request has reached the node, before its answer is back.
 */
final class CuttingRelay implements Endpoint, AutoCloseable {
  /** Health checks and lookups are smaller. */
  static final int LARGE_BYTES = 4 << 10;

  private static final int CHUNK_BYTES = 64 << 10;

  private final Endpoint node;
  private final ServerSocket listening;
  private final Queue<Link> held = new ConcurrentLinkedQueue<>();
  private volatile boolean holding;

  CuttingRelay(Endpoint node) throws IOException {
    this.node = node;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** Large requests get no answer from now on. */
  void hold() {
    holding = true;
  }

  /** Their connections are lost; what comes from now on is answered again. */
  void cut() throws IOException {
    holding = false;
    for (Link link = held.poll(); link != null; link = held.poll()) {
      link.client.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> relay(client));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void relay(Socket client) {
    try (client;
        var server = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      new Link(client, server).run();
    } catch (IOException lost) {
      // as connections are
    }
  }

  private final class Link {
    private final Socket client;
    private final Socket server;
    private volatile boolean isHeld;

    Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void run() throws IOException {
      Thread.ofVirtual().start(this::answer);
      var chunk = new byte[CHUNK_BYTES];
      int large = 0;
      for (int count; (count = client.getInputStream().read(chunk)) >= 0; ) {
        large = holding ? large + count : 0;
        if (large >= LARGE_BYTES && !isHeld) {
          isHeld = true;
          held.add(this);
        }
        server.getOutputStream().write(chunk, 0, count);
      }
    }

    private void answer() {
      var chunk = new byte[CHUNK_BYTES];
      try (client) {
        for (int count; (count = server.getInputStream().read(chunk)) >= 0; ) {
          if (!isHeld) {
            client.getOutputStream().write(chunk, 0, count);
          }
        }
      } catch (IOException lost) {
        // one of the two is gone
      }
    }
  }

  @Override
  public int port() {
    return listening.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
