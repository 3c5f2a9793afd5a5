package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedOutputStream;
import dev.kindstead.model.Code;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A reply on its way between two nodes. Layout: docs/formats/forwarded-calls.md.
 *
 * <p>What is before an answer's message has the size of a gRPC frame's prefix, so that neither node
 * copies an answer that a gRPC client gets.
 */
final class ForwardedReply {
  private static final byte ANSWER = 0;
  private static final byte FAILURE = 1;
  private static final byte NOT_SERVED = 2;
  static final int ANSWER_HEADER_BYTES = GrpcFrames.PREFIX_BYTES;
  private static final int FAILURE_HEADER_BYTES = 2;

  private ForwardedReply() {}

  static byte[] encode(Reply reply) {
    return switch (reply) {
      case Answer answer -> answer.bytesFrom(ANSWER_HEADER_BYTES); // unset bytes say ANSWER
      case Failure(Code code, String message) -> {
        byte[] text = message.getBytes(UTF_8);
        var bytes = new byte[FAILURE_HEADER_BYTES + text.length];
        bytes[0] = FAILURE;
        bytes[1] = (byte) code.number();
        System.arraycopy(text, 0, bytes, FAILURE_HEADER_BYTES, text.length);
        yield bytes;
      }
    };
  }

  /** The call was not served, and nothing of it is done. */
  static byte[] notServed() {
    return new byte[] {NOT_SERVED};
  }

  /**
   * @param bytes belong to the reply from now on
   * @return null when the call was not served
   * @throws IllegalArgumentException when it is no reply
   */
  static @Nullable Reply read(byte[] bytes) {
    if (bytes.length >= ANSWER_HEADER_BYTES && bytes[0] == ANSWER) {
      return new ForwardedAnswer(bytes);
    }
    if (bytes.length >= FAILURE_HEADER_BYTES && bytes[0] == FAILURE) {
      int length = bytes.length - FAILURE_HEADER_BYTES;
      return new Failure(code(bytes[1]), new String(bytes, FAILURE_HEADER_BYTES, length, UTF_8));
    }
    if (bytes.length == 1 && bytes[0] == NOT_SERVED) {
      return null;
    }
    throw new IllegalArgumentException("no reply to a forwarded call");
  }

  /** A later version's code that this one does not know says nothing certain. */
  private static Code code(byte number) {
    for (Code code : Code.values()) {
      if (code.number() == number) {
        return code;
      }
    }
    return Code.INTERNAL;
  }

  /** An answer in the bytes that came. */
  private record ForwardedAnswer(byte[] bytes) implements Answer {
    @Override
    public int size() {
      return bytes.length - ANSWER_HEADER_BYTES;
    }

    @Override
    public void writeTo(CodedOutputStream out) throws IOException {
      out.writeRawBytes(bytes, ANSWER_HEADER_BYTES, size());
    }

    @Override
    public byte[] bytesFrom(int offset) {
      return switch (offset) {
        case ANSWER_HEADER_BYTES -> bytes;
        case 0 -> Arrays.copyOfRange(bytes, ANSWER_HEADER_BYTES, bytes.length);
        default -> Answer.super.bytesFrom(offset);
      };
    }
  }
}
