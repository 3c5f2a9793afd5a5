package dev.kindstead.protocol;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The threads that accept and serve connections. They end at once when the drained server tells
 * them to: Netty would wait two quiet seconds more, in which a restart is an outage.
 */
final class EventLoops extends MultiThreadIoEventLoopGroup {
  private static final long STOP_SECONDS_MAX = 5;

  EventLoops(int threads) {
    super(
        threads,
        new DefaultThreadFactory("front-door"),
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  @Override
  public Future<?> shutdownGracefully() {
    return shutdownGracefully(0, STOP_SECONDS_MAX, TimeUnit.SECONDS);
  }
}
