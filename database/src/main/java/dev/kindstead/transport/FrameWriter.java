package dev.kindstead.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Packs frames that are ready together into few buffers, and flushes once. (A socket wants direct
 * memory, so each payload has to be copied once anyway.) Confined to the channel's loop.
 */
final class FrameWriter {
  private static final int FIRST_BUFFER_BYTES = 4 << 10;
  private static final int NEXT_BUFFER_BYTES = 64 << 10;

  private final Channel channel;
  private final LongConsumer written;

  private @Nullable ByteBuf buffer;
  private long payloadBytes;
  private boolean several;

  /**
   * @param written hears how many bytes of payload have left, or never will
   */
  FrameWriter(Channel channel, LongConsumer written) {
    this.channel = channel;
    this.written = written;
  }

  void add(byte type, byte service, long requestId, byte[] payload) {
    int bytes = Frame.LENGTH_BYTES + Frame.HEADER_BYTES + payload.length;
    ByteBuf target = bufferFor(bytes);
    Frame.write(target, type, service, requestId, payload);
    payloadBytes += payload.length;
  }

  private ByteBuf bufferFor(int bytes) {
    ByteBuf target = buffer;
    if (target != null && target.writableBytes() < bytes) {
      write(target);
      target = null;
      several = true;
    }
    if (target == null) {
      int usual = several ? NEXT_BUFFER_BYTES : FIRST_BUFFER_BYTES;
      target = channel.alloc().directBuffer(Math.max(usual, bytes));
      buffer = target;
    }
    return target;
  }

  private void write(ByteBuf full) {
    buffer = null;
    long bytes = payloadBytes;
    payloadBytes = 0;
    ChannelFuture left = channel.write(full);
    left.addListener(unused -> written.accept(bytes));
  }

  void flush() {
    several = false;
    if (buffer != null) {
      write(buffer);
      channel.flush();
    }
  }
}
