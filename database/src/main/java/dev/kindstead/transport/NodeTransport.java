package dev.kindstead.transport;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network;
import dev.kindstead.transport.DialledConnection.Destination;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The network between nodes, over TCP. Thread-safe. What hangs on its futures runs on an event loop
 * and must not block.
 */
public final class NodeTransport implements Network, AutoCloseable {
  private final TransportOptions options;
  private final @Nullable SslContext acceptingTls;
  private final Sockets sockets;
  private final Clock clock;
  private final Warnings warnings;
  private final Services services = new Services();
  private final Addresses addresses = new Addresses();
  private final Arrivals arrivals = new Arrivals(addresses);
  private final Map<String, Peer> peers = new ConcurrentHashMap<>();
  private final Self self;
  private final String nodeId;
  private final SelfCalls selfCalls;
  private final Dialler dialler;

  private volatile @Nullable InetSocketAddress bound;
  private volatile boolean closed;

  /**
   * @param who asked at each connection; the node id never changes
   * @param lookups runs the look-up of host names, which may block for seconds
   * @throws IllegalArgumentException if an address or a PEM file makes no sense
   */
  public NodeTransport(
      TransportOptions options, Supplier<Introduction> who, Clock clock, Executor lookups) {
    this.options = options;
    this.clock = clock;
    var unused = NodeAddress.parse(options.listen());
    NodeTls tls = options.tls();
    acceptingTls = tls == null ? null : tls.accepting();
    SslContext diallingTls = tls == null ? null : tls.dialling();
    nodeId = who.get().nodeId();
    warnings = new Warnings(clock);
    self = new Self(who, this::advertised);
    sockets = new Sockets(options.threads());
    selfCalls = new SelfCalls(nodeId, sockets.nextLoop(), clock, services);
    dialler =
        new Dialler(sockets, diallingTls, options.connectTimeout(), lookups, clock, warnings, self);
  }

  /** Listens; fails with the system's reason. Before it, this node can call and not be called. */
  public CompletableFuture<Void> start() {
    var started = new CompletableFuture<Void>();
    NodeAddress address = NodeAddress.parse(options.listen());
    ChannelFuture binding =
        sockets
            .listening(new Accepted())
            .bind(new InetSocketAddress(address.host(), address.port()));
    binding.addListener(unused -> {
      if (binding.isSuccess()) {
        bound = (InetSocketAddress) binding.channel().localAddress();
        started.complete(null);
      } else {
        started.completeExceptionally(binding.cause());
      }
    });
    return started;
  }

  private final class Accepted extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      arrivals.admit(channel, warnings);
      FrameDecoder decoder = sockets.prepare(channel, acceptingTls);
      channel
          .pipeline()
          .addLast(new AcceptedConnection(channel, decoder, warnings, arrivals, services, self));
    }
  }

  /** The port listened on. */
  public int port() {
    InetSocketAddress address = bound;
    if (address == null) {
      throw new IllegalStateException("not listening");
    }
    return address.getPort();
  }

  /** Where others are told to dial this node; empty if that is not known. */
  public String advertised() {
    InetSocketAddress address = bound;
    if (!options.advertised().isEmpty()) {
      return options.advertised();
    }
    if (address == null || address.getAddress().isAnyLocalAddress()) {
      return "";
    }
    String host = NodeAddress.parse(options.listen()).host();
    return new NodeAddress(host, address.getPort()).toString();
  }

  /** Whether {@link #meet} has failed since the node at the address is another cluster's. */
  public static boolean isOfOtherCluster(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains(Greeting.OTHER_CLUSTER);
  }

  /**
   * Asks who is at an address, and learns it. The connection is only for that: calls to that node
   * dial their own, so that one that is in use is not disturbed.
   *
   * @return the node's id; this node's own if it is at that address; fails with {@link
   *     NotDelivered}, whose message says why
   */
  public CompletableFuture<String> meet(String hostAndPort, Duration timeout) {
    NodeAddress address = NodeAddress.parse(hostAndPort);
    EventLoop loop = sockets.nextLoop();
    var asked = dialler.dial(loop, new Destination(address, "", unused -> {}));
    var late =
        loop.schedule(
            () -> {
              String message = "%s has not said who it is in time".formatted(address);
              asked.completeExceptionally(new NotDelivered(message));
            },
            timeout.toNanos(),
            TimeUnit.NANOSECONDS);
    var met = new CompletableFuture<String>();
    var unused =
        asked.whenComplete((connection, failure) -> {
          late.cancel(false);
          if (connection == null) {
            met.completeExceptionally(failure);
            return;
          }
          connection.close("all is asked");
          learn(connection.nodeId(), address);
          met.complete(connection.nodeId());
        });
    return met;
  }

  /**
   * Where a node is to be dialled from now on. A connection to where it was stays until it ends.
   */
  public void learn(String nodeId, String hostAndPort) {
    learn(nodeId, NodeAddress.parse(hostAndPort));
  }

  private void learn(String other, NodeAddress address) {
    if (!other.equals(nodeId)) {
      addresses.learn(other, address);
    }
  }

  /** Of all other nodes that are known, by id. */
  public Map<String, String> addresses() {
    return addresses.all().entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> each.getValue().toString()));
  }

  @Override
  public CompletableFuture<byte[]> call(
      String other, Service service, byte[] request, Duration timeout) {
    if (request.length > Limits.PAYLOAD_BYTES_MAX) {
      return undelivered("a request of %d bytes is too large".formatted(request.length));
    }
    if (closed) {
      return undelivered("this node stops");
    }
    if (other.equals(nodeId)) {
      return selfCalls.call(service, request, timeout);
    }
    Peer peer = peers.get(other);
    if (peer == null) {
      if (addresses.of(other) == null) {
        return undelivered("no address of node " + other + " is known");
      }
      peer = peers.computeIfAbsent(other, this::peer);
    }
    return peer.call(service, request, timeout);
  }

  private Peer peer(String other) {
    return new Peer(other, sockets.nextLoop(), clock, addresses, dialler);
  }

  private static CompletableFuture<byte[]> undelivered(String message) {
    return CompletableFuture.failedFuture(new NotDelivered(message));
  }

  @Override
  public void serve(Service service, Handler handler) {
    services.serve(service, handler);
  }

  /** Ends every call and connection; waits for that. Not to be called by a handler. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      selfCalls.close();
      peers.values().forEach(Peer::close);
      sockets.close();
    }
  }
}
