package dev.kindstead.protocol;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A response message that writes its own protobuf bytes, so that stored bytes are copied once. */
non-sealed interface Answer extends Reply {
  /** The number of bytes {@link #writeTo} writes. */
  int size();

  void writeTo(CodedOutputStream out) throws IOException;

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
    return new Answer() {
      @Override
      public int size() {
        return message.getSerializedSize();
      }

      @Override
      public void writeTo(CodedOutputStream out) throws IOException {
        message.writeTo(out);
      }
    };
  }
}
