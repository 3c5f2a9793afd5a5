package dev.kindstead.transport;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.ByteOrder;

/** Cuts what arrives into frames, without their length. Confined to the connection's loop. */
final class FrameDecoder extends LengthFieldBasedFrameDecoder {
  private int payloadBytesMax = Limits.GREETING_BYTES_MAX;

  FrameDecoder() {
    super(
        Frame.LENGTH_BYTES + Frame.HEADER_BYTES + Limits.PAYLOAD_BYTES_MAX,
        0,
        Frame.LENGTH_BYTES,
        0,
        Frame.LENGTH_BYTES);
  }

  /** After the greeting. */
  void allowLargeFrames() {
    payloadBytesMax = Limits.PAYLOAD_BYTES_MAX;
  }

  @Override
  protected long getUnadjustedFrameLength(ByteBuf in, int offset, int length, ByteOrder order) {
    long bytes = super.getUnadjustedFrameLength(in, offset, length, order);
    if (bytes < Frame.HEADER_BYTES) {
      throw new CorruptedFrameException("a frame of %d bytes".formatted(bytes));
    }
    if (bytes > Frame.HEADER_BYTES + payloadBytesMax) {
      throw new TooLongFrameException("a frame of %d bytes".formatted(bytes));
    }
    return bytes;
  }
}
