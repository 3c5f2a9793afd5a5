package dev.kindstead.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a connection: first the greeting, then frames, until one end closes it. What is wrong
 * with what arrives closes this connection and nothing else. Confined to its loop.
 */
abstract class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private enum Stage {
    STRANGE,
    GREETED,
    OPEN,
    ENDED
  }

  final Channel channel;
  private final FrameDecoder decoder;
  private final Warnings warnings;
  private Stage stage = Stage.STRANGE;

  Connection(Channel channel, FrameDecoder decoder, Warnings warnings) {
    this.channel = channel;
    this.decoder = decoder;
    this.warnings = warnings;
  }

  /** The other side has introduced itself: {@link #open}, or {@link #refuse}. */
  abstract void greeted(Greeting theirs);

  /** Whether there is nothing more to come over it, though it was never open. */
  abstract boolean isDone();

  /** A frame of an open connection. */
  abstract void received(byte type, byte service, long requestId, ByteBuf payload);

  /** It is over; called once. */
  abstract void ended(String reason, boolean wasOpen);

  @Override
  public void channelActive(ChannelHandlerContext context) {
    LOG.debug("connected with {}", channel.remoteAddress());
    var deadline =
        channel
            .eventLoop()
            .schedule(this::missGreeting, Limits.GREETING_MILLIS_MAX, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(unused -> deadline.cancel(false));
  }

  private void missGreeting() {
    if (stage == Stage.STRANGE) {
      giveUp("no greeting within %d ms".formatted(Limits.GREETING_MILLIS_MAX));
    } else if (isDone()) {
      close("who is there was told");
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var frame = (ByteBuf) message;
    try {
      if (stage != Stage.ENDED) {
        take(frame);
      }
    } finally {
      frame.release();
    }
  }

  private void take(ByteBuf frame) {
    byte type = frame.readByte();
    byte service = frame.readByte();
    long requestId = frame.readLong();
    if (type == Frame.FAREWELL) {
      giveUp("refused: " + Frame.text(frame));
    } else if (type == Frame.GREETING && stage == Stage.STRANGE) {
      stage = Stage.GREETED;
      greeted(Greeting.read(frame));
    } else if (stage == Stage.OPEN) {
      received(type, service, requestId, frame);
    } else {
      throw new CorruptedFrameException("a frame of type %d out of turn".formatted(type));
    }
  }

  final void greet(Greeting ours) {
    channel.writeAndFlush(Frame.of(channel.alloc(), Frame.GREETING, ours.bytes()));
  }

  /** Both sides agree: from now on there are requests and answers. */
  final void open() {
    if (stage == Stage.GREETED) {
      stage = Stage.OPEN;
      decoder.allowLargeFrames();
    }
  }

  final boolean isOpen() {
    return stage == Stage.OPEN;
  }

  /** Tells the other side why before it closes. */
  final void refuse(String reason) {
    warnings.refused(channel.remoteAddress(), reason);
    end(reason);
    channel
        .writeAndFlush(Frame.of(channel.alloc(), Frame.FAREWELL, Frame.bytes(reason)))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void giveUp(String reason) {
    if (stage != Stage.ENDED) {
      warnings.refused(channel.remoteAddress(), reason);
      close(reason);
    }
  }

  final void close(String reason) {
    end(reason);
    channel.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    boolean garbage = failure instanceof DecoderException;
    Throwable cause = garbage && failure.getCause() != null ? failure.getCause() : failure;
    // Of a handshake that failed the outermost says only that there was a problem.
    while (cause instanceof SSLException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason =
        switch (TlsMisfit.of(failure)) {
          case AUTHORITY -> "its certificate is not signed by --node-tls-authority of this node";
          case TIME -> "its certificate counts no more, or not yet";
          case KEY, OTHER -> Services.message(cause);
        };
    if (stage == Stage.OPEN && !garbage) {
      close(reason);
    } else {
      giveUp(reason);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end("the connection was closed");
  }

  private void end(String reason) {
    if (stage != Stage.ENDED) {
      LOG.debug("disconnected from {}: {}", channel.remoteAddress(), reason);
      boolean wasOpen = stage == Stage.OPEN;
      stage = Stage.ENDED;
      ended(reason, wasOpen);
    }
  }
}
