package dev.kindstead.faults.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * All nodes at localhost; each tells others the address of a proxy before it, so that what nodes
 * send each other can be kept back, each direction by itself, and connections be broken. For
 * whoever may not have namespaces. Clients come past the proxies. Thread-safe.
 */
final class Proxies implements Network {
  /** Below the ports that systems give to connections, so that a node gets its own again. */
  private static final int PORTS_FROM = 20_000;

  private static final int PORTS = 12_000;
  private static final int ATTEMPTS_MAX = 1_000;

  private record Direction(int from, int to) {}

  private final int nodes;
  private final List<Integer> ports;
  private final List<ServerSocket> doors;
  private final Map<Direction, Integer> cuts = new ConcurrentHashMap<>();
  private final Map<Integer, Long> processes = new ConcurrentHashMap<>();
  private final Set<Relay> relays = ConcurrentHashMap.newKeySet();
  private final AtomicLongArray kept;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Proxies(int nodes) {
    this.nodes = nodes;
    kept = new AtomicLongArray(nodes);
    ports = IntStream.generate(Proxies::free).distinct().limit(2L * nodes).boxed().toList();
    doors = IntStream.range(0, nodes).mapToObj(Proxies::door).toList();
    for (int node = 0; node < nodes; node++) {
      int to = node;
      threads.execute(() -> accept(to));
    }
  }

  private static int free() {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      int port = PORTS_FROM + new SecureRandom().nextInt(PORTS);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // Another one, then.
      }
    }
    throw new Refused("no free port after " + ATTEMPTS_MAX + " attempts");
  }

  private static ServerSocket door(int ignored) {
    try {
      return new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(int to) {
    ServerSocket door = doors.get(to);
    while (!door.isClosed()) {
      try {
        Socket dialer = door.accept();
        threads.execute(() -> relay(dialer, to));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void relay(Socket dialer, int to) {
    OptionalInt from = SocketOwners.owner(dialer.getPort(), dialer.getLocalPort(), processes);
    if (from.isEmpty()) {
      // It has ended meanwhile; a connection that nobody can cut must not be.
      Relay.close(dialer);
      return;
    }
    try {
      Socket listener = new Socket(InetAddress.getLoopbackAddress(), ports.get(nodes + to));
      Relay relay =
          new Relay(dialer, listener, from.getAsInt(), to, this::isCut, kept::incrementAndGet);
      relays.add(relay);
      threads.execute(relay::toListener);
      relay.toDialer();
      relays.remove(relay);
    } catch (IOException nobodyListens) {
      Relay.close(dialer);
    }
  }

  private boolean isCut(int from, int to) {
    return cuts.getOrDefault(new Direction(from, to), 0) > 0;
  }

  @Override
  public String host(int node) {
    return "localhost";
  }

  @Override
  public int port(int node) {
    return ports.get(node);
  }

  /** Of the proxy. */
  @Override
  public int nodePort(int node) {
    return doors.get(node).getLocalPort();
  }

  @Override
  public List<String> flags(int node) {
    return List.of(
        "--node-listen",
        "localhost:" + ports.get(nodes + node),
        "--node-advertise",
        "localhost:" + nodePort(node));
  }

  @Override
  public List<String> prefix(int node) {
    return List.of();
  }

  @Override
  public void started(int node, long processId) {
    processes.put(node, processId);
  }

  @Override
  public void cut(int from, int to) {
    cuts.merge(new Direction(from, to), 1, Integer::sum);
  }

  @Override
  public void mend(int from, int to) {
    cuts.merge(new Direction(from, to), -1, Integer::sum);
  }

  /** Pieces of what was sent. */
  @Override
  public long dropped(int node) {
    return kept.get(node);
  }

  @Override
  public long reset(int node) {
    List<Relay> broken = relays.stream().filter(relay -> relay.isOf(node)).toList();
    broken.forEach(Relay::reset);
    return broken.size();
  }

  @Override
  public void close() {
    doors.forEach(Relay::close);
    relays.forEach(Relay::reset);
    threads.shutdownNow();
  }
}
