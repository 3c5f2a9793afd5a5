package dev.kindstead.protocol;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import dev.kindstead.transaction.TransactionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A response message that writes its own protobuf bytes, so that stored bytes are copied once. */
non-sealed interface Answer extends Reply {
  /** The number of bytes {@link #writeTo} writes. */
  int size();

  void writeTo(CodedOutputStream out) throws IOException;

  /** The transaction that it tells the client of, begun by the call; null for none. */
  default @Nullable TransactionId begun() {
    return null;
  }

  /** The answer's bytes after {@code offset} unset bytes, for whoever puts a prefix there. */
  default byte[] bytesFrom(int offset) {
    var bytes = new byte[offset + size()];
    var out = CodedOutputStream.newInstance(bytes, offset, bytes.length - offset);
    try {
      writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  static Answer of(MessageLite message) {
    return of(message, null);
  }

  /**
   * An answer that is a message.
   *
   * @param begun see {@link #begun()}
   */
  static Answer of(MessageLite message, @Nullable TransactionId begun) {
    return new Answer() {
      @Override
      public int size() {
        return message.getSerializedSize();
      }

      @Override
      public void writeTo(CodedOutputStream out) throws IOException {
        message.writeTo(out);
      }

      @Override
      public @Nullable TransactionId begun() {
        return begun;
      }
    };
  }
}
