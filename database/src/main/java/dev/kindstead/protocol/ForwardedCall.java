package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A call as one node sends it to another. Layout: docs/formats/forwarded-calls.md.
 *
 * @param method {@link Rpc#verb}, or the path of a method of the admin API, which has a slash
 * @param project the project in the URL, null for none
 * @param nanosLeft until the client's deadline
 * @param envelope the whole of it, which ends with the request's message
 * @param messageAt where that begins
 */
record ForwardedCall(
    String method, @Nullable String project, long nanosLeft, byte[] envelope, int messageAt)
    implements Decoding {
  private static final byte VERSION = 1;
  private static final int NO_PROJECT = -1;
  private static final int FIXED_BYTES = 1 + Long.BYTES + 1 + Integer.BYTES;

  /** Another node's bytes are not a call that this node understands. */
  static final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message, null, false, false);
    }
  }

  /** The message's bytes are copied once, to behind the rest. */
  static byte[] encode(String method, @Nullable String project, long nanosLeft, RequestBody body)
      throws InvalidProtocolBufferException {
    byte[] methodBytes = method.getBytes(ISO_8859_1);
    byte[] projectBytes = project == null ? new byte[0] : project.getBytes(UTF_8);
    byte[] envelope = body.bytesFrom(FIXED_BYTES + methodBytes.length + projectBytes.length);
    ByteBuffer.wrap(envelope)
        .put(VERSION)
        .putLong(nanosLeft)
        .put((byte) methodBytes.length)
        .put(methodBytes)
        .putInt(project == null ? NO_PROJECT : projectBytes.length)
        .put(projectBytes);
    return envelope;
  }

  /** The same, when it has waited for so long. */
  ForwardedCall after(long nanos) {
    return new ForwardedCall(method, project, nanosLeft - nanos, envelope, messageAt);
  }

  /** Whether a node that does not serve may do it all the same. */
  boolean isOldRead(Rpc rpc) {
    return rpc.reads() && OldReads.isOne(envelope, messageAt);
  }

  /**
   * @throws MalformedException before anything is done about the call
   */
  static ForwardedCall read(byte[] envelope) {
    ByteBuffer in = ByteBuffer.wrap(envelope);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new MalformedException("a forwarded call of version " + version);
      }
      long nanosLeft = in.getLong();
      String method = new String(bytes(in, in.get() & 0xff), ISO_8859_1);
      int projectBytes = in.getInt();
      String project =
          projectBytes == NO_PROJECT ? null : new String(bytes(in, projectBytes), UTF_8);
      return new ForwardedCall(method, project, nanosLeft, envelope, in.position());
    } catch (BufferUnderflowException e) {
      throw new MalformedException("a forwarded call that is cut short");
    }
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    var bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  @Override
  public int length() {
    return envelope.length;
  }

  @Override
  public CallOrigin origin(Rpc rpc) {
    return CallOrigin.read(rpc, envelope, messageAt);
  }

  @Override
  public Message decode(Message prototype) throws InvalidProtocolBufferException {
    return prototype.getParserForType().parseFrom(envelope, messageAt, envelope.length - messageAt);
  }
}
