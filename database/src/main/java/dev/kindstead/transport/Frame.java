package dev.kindstead.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kindstead.environment.Network.Service;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/** A message on the wire: length, type, service, request id, payload. */
final class Frame {
  /** Who is speaking; the first frame each way. */
  static final byte GREETING = 1;

  /** Why the connection is about to be closed: a text. */
  static final byte FAREWELL = 2;

  static final byte REQUEST = 16;
  static final byte ANSWER = 17;

  /** Why there is no answer: a text. */
  static final byte REFUSAL = 18;

  static final int LENGTH_BYTES = 4;

  /** After the length: type, service and request id. */
  static final int HEADER_BYTES = 1 + 1 + 8;

  private static final byte NO_SERVICE = 0;

  private Frame() {}

  static void write(ByteBuf out, byte type, byte service, long requestId, byte[] payload) {
    out.writeInt(HEADER_BYTES + payload.length)
        .writeByte(type)
        .writeByte(service)
        .writeLong(requestId)
        .writeBytes(payload);
  }

  /** A frame that belongs to no request. */
  static ByteBuf of(ByteBufAllocator allocator, byte type, byte[] payload) {
    ByteBuf frame = allocator.directBuffer(LENGTH_BYTES + HEADER_BYTES + payload.length);
    write(frame, type, NO_SERVICE, 0, payload);
    return frame;
  }

  static byte[] bytes(String text) {
    int end = Math.min(text.length(), Limits.TEXT_CHARS_MAX);
    return text.substring(0, end).getBytes(UTF_8);
  }

  /** The rest of a frame, as a text that can be logged. */
  static String text(ByteBuf payload) {
    String text = payload.toString(UTF_8);
    int end = Math.min(text.length(), Limits.TEXT_CHARS_MAX);
    return text.substring(0, end).replaceAll("\\p{Cntrl}+", " ");
  }

  static byte[] payload(ByteBuf payload) {
    return ByteBufUtil.getBytes(payload);
  }

  static byte code(Service service) {
    return switch (service) {
      case REPLICATION -> 1;
      case MEMBERSHIP -> 2;
      case CALLS -> 3;
      case READS -> 4;
      case TIMESTAMPS -> 5;
      case SHARDS -> 6;
      case ROWS -> 7;
    };
  }

  /** Null for a service of another version. */
  static @Nullable Service service(byte code) {
    return switch (code) {
      case 1 -> Service.REPLICATION;
      case 2 -> Service.MEMBERSHIP;
      case 3 -> Service.CALLS;
      case 4 -> Service.READS;
      case 5 -> Service.TIMESTAMPS;
      case 6 -> Service.SHARDS;
      case 7 -> Service.ROWS;
      default -> null;
    };
  }
}
