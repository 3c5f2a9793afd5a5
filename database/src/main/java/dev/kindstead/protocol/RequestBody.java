package dev.kindstead.protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;

/**
 * A request's message in the envelope it came in. Nothing is taken out before it is asked for, and
 * what is wrong with it is thrown then.
 */
interface RequestBody extends Decoding {
  /** The message's protobuf bytes after {@code offset} unset bytes. */
  byte[] bytesFrom(int offset) throws InvalidProtocolBufferException;

  @Override
  default CallOrigin origin(Rpc rpc) throws InvalidProtocolBufferException {
    return CallOrigin.read(rpc, bytesFrom(0), 0);
  }

  /** The same, for one who will look at it several times. */
  default RequestBody kept() {
    return this;
  }

  /** A message that is decoded already. */
  static RequestBody of(Message message) {
    return of(message, message.getSerializedSize());
  }

  /** A message that is decoded already, and came in so many bytes. */
  static RequestBody of(Message message, int length) {
    return new RequestBody() {
      @Override
      public Message decode(Message prototype) {
        return message;
      }

      @Override
      public int length() {
        return length;
      }

      @Override
      public byte[] bytesFrom(int offset) {
        return Answer.of(message).bytesFrom(offset);
      }
    };
  }
}
