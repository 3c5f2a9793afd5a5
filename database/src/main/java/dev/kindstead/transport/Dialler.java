package dev.kindstead.transport;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Network.NotDelivered;
import dev.kindstead.transport.DialledConnection.Destination;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Makes connections to other nodes, up to and including the greeting. Thread-safe. */
final class Dialler {
  private final Sockets sockets;
  private final @Nullable SslContext tls;
  private final int connectMillis;
  private final Executor lookups;
  private final Clock clock;
  private final Warnings warnings;
  private final Self self;

  /**
   * @param lookups finds the addresses of host names, which may take seconds
   */
  Dialler(
      Sockets sockets,
      @Nullable SslContext tls,
      Duration connectTimeout,
      Executor lookups,
      Clock clock,
      Warnings warnings,
      Self self) {
    this.sockets = sockets;
    this.tls = tls;
    this.connectMillis = Math.toIntExact(connectTimeout.toMillis());
    this.lookups = lookups;
    this.clock = clock;
    this.warnings = warnings;
    this.self = self;
  }

  /** Ends on the loop, with {@link NotDelivered} if there is no such connection. */
  CompletableFuture<DialledConnection> dial(EventLoop loop, Destination destination) {
    var dialled = new CompletableFuture<DialledConnection>();
    try {
      lookups.execute(() -> lookUp(loop, destination, dialled));
    } catch (RejectedExecutionException e) {
      fail(loop, destination, dialled, "this node stops");
    }
    return dialled;
  }

  private void lookUp(
      EventLoop loop, Destination destination, CompletableFuture<DialledConnection> dialled) {
    try {
      InetAddress host = InetAddress.getByName(destination.address().host());
      var address = new InetSocketAddress(host, destination.address().port());
      loop.execute(() -> connect(loop, address, destination, dialled));
    } catch (UnknownHostException e) {
      fail(loop, destination, dialled, "no such host is known");
    } catch (RejectedExecutionException e) {
      fail(loop, destination, dialled, "this node stops");
    }
  }

  private void connect(
      EventLoop loop,
      InetSocketAddress address,
      Destination destination,
      CompletableFuture<DialledConnection> dialled) {
    var initializer =
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            FrameDecoder decoder = sockets.prepare(channel, tls);
            channel
                .pipeline()
                .addLast(
                    new DialledConnection(
                        channel, decoder, warnings, clock, self, destination, dialled));
          }
        };
    ChannelFuture connected = sockets.dialling(loop, connectMillis, initializer).connect(address);
    connected.addListener(unused -> {
      if (!connected.isSuccess()) {
        fail(loop, destination, dialled, Services.message(connected.cause()));
      }
    });
  }

  private static void fail(
      EventLoop loop,
      Destination destination,
      CompletableFuture<DialledConnection> dialled,
      String reason) {
    var failure = new NotDelivered("no connection with %s: %s".formatted(destination, reason));
    try {
      loop.execute(() -> dialled.completeExceptionally(failure));
    } catch (RejectedExecutionException e) {
      dialled.completeExceptionally(failure);
    }
  }
}
