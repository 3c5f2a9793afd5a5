package dev.kindstead.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The event loops, and sockets on them: epoll's where there is epoll. */
final class Sockets {
  private static final boolean EPOLL = Epoll.isAvailable();

  private final MultiThreadIoEventLoopGroup loops;

  /** All that is open. What opens after the end is closed at once. */
  private final ChannelGroup open;

  Sockets(int threads) {
    loops =
        new MultiThreadIoEventLoopGroup(
            threads,
            new DefaultThreadFactory("node-transport"),
            EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    open = new DefaultChannelGroup(loops.next(), true);
  }

  EventLoop nextLoop() {
    return loops.next();
  }

  ServerBootstrap listening(ChannelInitializer<Channel> accepted) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .handler(new Opened())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childHandler(accepted);
    if (EPOLL) {
      bootstrap.childOption(EpollChannelOption.TCP_USER_TIMEOUT, Limits.SILENCE_MILLIS_MAX);
    }
    return bootstrap;
  }

  Bootstrap dialling(EventLoop loop, int connectMillis, ChannelInitializer<Channel> dialled) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(EPOLL ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .handler(dialled);
    if (EPOLL) {
      bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, Limits.SILENCE_MILLIS_MAX);
    }
    return bootstrap;
  }

  private final class Opened extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel listening) {
      open.add(listening);
    }
  }

  /** TLS, if any, and frames. */
  FrameDecoder prepare(Channel channel, @Nullable SslContext tls) {
    open.add(channel);
    if (tls != null) {
      SslHandler handler = tls.newHandler(channel.alloc());
      handler.setHandshakeTimeoutMillis(Limits.GREETING_MILLIS_MAX);
      channel.pipeline().addLast(handler);
    }
    var decoder = new FrameDecoder();
    channel.pipeline().addLast(decoder);
    return decoder;
  }

  /**
   * Closes every socket; waits until all is told. Not on a loop. (A loop that ends without a quiet
   * time may leave its sockets open.)
   */
  void close() {
    open.close().awaitUninterruptibly(Limits.STOP_MILLIS_MAX);
    loops
        .shutdownGracefully(0, Limits.STOP_MILLIS_MAX, TimeUnit.MILLISECONDS)
        .syncUninterruptibly();
  }
}
